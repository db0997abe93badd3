import { setTimeout as pause } from "node:timers/promises";
import { beforeEach, describe, expect, it } from "vitest";
import { serverEvents } from "../../../utils/contract/events.ts";
import { newId } from "../../../utils/ids.ts";
import { movableClock } from "../../support/clock.ts";
import { makeGuest, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

const clock = movableClock();

let ann: Person;
let bob: Person;
let roomId: string;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  [ann, bob] = [await makeGuest(app.services, { displayName: "Ann" }), await makeGuest(app.services, { displayName: "Bob" })];
  roomId = await makeRoom(app.services);
});

const open = (who: Person, to = app): Promise<Live> => connect(to.url, who.token);

/** Opens a socket of a user and joins the room. */
async function inside(who: Person): Promise<Live> {
  const live = await open(who);
  await live.command("join_room", { roomId });
  return live;
}

const say = (live: Live, text = "hello") => live.command("send_message", { roomId, clientMessageId: newId(), text });

describe("users in a room", () => {
  it("receive its messages in valid events, and no one outside does", async () => {
    const live = await inside(ann);
    const other = await inside(bob);
    const outside = await open(await makeGuest(app.services));
    const { message } = await say(live, "hello there");
    const event = await other.nextEvent("messages_changed");
    expect(serverEvents.messages_changed.payload.strict().parse(event)).toEqual(event);
    expect(event).toMatchObject({ roomId, fromSeq: 0, toSeq: 1, epoch: app.services.epoch(), messages: [message] });
    await outside.command("heartbeat", { status: "online" });
    expect(outside.received).toEqual([]);
    for (const one of [live, other, outside]) one.close();
  });

  it("receive nothing after they left", async () => {
    const live = await inside(ann);
    const other = await inside(bob);
    await other.command("leave_room", { roomId });
    const before = other.received.length;
    await say(live);
    live.socket.emit("typing_start", { roomId }, () => undefined);
    await pause(600);
    await other.command("heartbeat", { status: "online" });
    expect(other.received.slice(before)).toEqual([]);
    expect(await other.command("leave_room", { roomId })).toEqual({});
    for (const one of [live, other]) one.close();
  });

  it("are published in one batch when they join and leave, and count once for several devices", async () => {
    const watcher = await inside(ann);
    await watcher.nextEvent("user_joined");
    const [one, two, other] = await Promise.all([inside(bob), inside(bob), inside(await makeGuest(app.services, { displayName: "Cid" }))]);
    const came = await watcher.nextEvent("user_joined", ({ onlineCount }) => onlineCount === 3);
    expect(came.users.map(({ displayName }) => displayName).sort()).toEqual(["Bob", "Cid"]);
    one.close();
    other.close();
    const left = await watcher.nextEvent("user_left");
    expect(left).toMatchObject({ roomId, onlineCount: 2, users: [{ displayName: "Cid" }] });
    two.close();
    expect(await watcher.nextEvent("user_left", ({ onlineCount }) => onlineCount === 1)).toMatchObject({ users: [{ displayName: "Bob" }] });
    watcher.close();
  });

  it("see typing indicators, until the message, typing_stop, or 6 s", async () => {
    const live = await inside(ann);
    const other = await inside(bob);
    const writing = (payload: { users: unknown[] }) => payload.users.length === 1;
    const silent = (payload: { users: unknown[] }) => payload.users.length === 0;
    await live.command("typing_start", { roomId });
    expect(await other.nextEvent("user_typing", writing)).toMatchObject({ roomId, users: [{ id: ann.id, displayName: "Ann" }] });
    await say(live);
    await other.nextEvent("user_typing", silent);
    await live.command("typing_start", { roomId });
    while (other.received.filter(({ name }) => name === "user_typing").length < 3) await pause(20);
    clock.advance(6_000);
    while (other.received.filter(({ name }) => name === "user_typing").length < 4) await pause(20);
    expect(other.received.filter(({ name }) => name === "user_typing").at(-1)?.payload).toEqual({ roomId, users: [] });
    for (const one of [live, other]) one.close();
  });

  it("receive no typing of a user outside the room", async () => {
    const other = await inside(ann);
    const live = await open(bob);
    const notFound = { ok: false, error: { code: "not_found" } };
    expect(await live.ask("typing_start", { roomId })).toMatchObject(notFound);
    await live.command("join_room", { roomId });
    await live.command("leave_room", { roomId });
    expect(await live.ask("typing_start", { roomId })).toMatchObject(notFound);
    await live.command("join_room", { roomId });
    await live.command("typing_start", { roomId });
    await other.nextEvent("user_typing");
    expect(other.received.filter(({ name }) => name === "user_typing")).toHaveLength(1);
    for (const one of [live, other]) one.close();
  });

  it("see away and offline states, in batches", async () => {
    const live = await inside(ann);
    const other = await inside(bob);
    await live.command("heartbeat", { status: "away" });
    const status = (wanted: string) => (payload: { users: { id: string; status: string }[] }) =>
      payload.users.some((user) => user.id === ann.id && user.status === wanted);
    await other.nextEvent("presence_changed", status("away"));
    await live.command("heartbeat", { status: "online" });
    const newest = () => other.received.filter(({ name }) => name === "presence_changed").at(-1)?.payload;
    while (!status("online")(newest() as never)) await pause(20);
    clock.advance(5 * 60_000);
    await other.command("heartbeat", { status: "online" });
    while (!status("away")(newest() as never)) await pause(20);
    clock.advance(5 * 60_000);
    await other.nextEvent("presence_changed", status("offline"));
    const { rows } = await database.pool.query("SELECT presence_status FROM users WHERE id = $1", [ann.id]);
    expect(rows).toEqual([{ presence_status: "offline" }]);
    for (const one of [live, other]) one.close();
  });

  it("who become inactive simultaneously are published in one event, once to each recipient", async () => {
    const other = await makeRoom(app.services);
    const live = await inside(ann);
    const cid = await inside(await makeGuest(app.services));
    const watcher = await inside(bob);
    for (const one of [live, cid, watcher]) await one.command("join_room", { roomId: other });
    while (watcher.received.filter(({ name }) => name === "presence_changed").length === 0) await pause(20);
    clock.advance(5 * 60_000);
    await watcher.command("heartbeat", { status: "online" });
    const away = await watcher.nextEvent("presence_changed", ({ users }) => users.some(({ status }) => status === "away"));
    expect(away.users.filter(({ status }) => status === "away").length).toBeGreaterThanOrEqual(2);
    const seen = watcher.received.flatMap(({ name, payload }) =>
      name === "presence_changed" ? payload.users.filter(({ status }) => status === "away").map(({ id }) => id) : [],
    );
    expect(seen.length).toBe(new Set(seen).size);
    for (const one of [live, cid, watcher]) one.close();
  });
});
