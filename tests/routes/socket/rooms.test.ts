import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ErrorCode } from "../../../utils/contract/errors.ts";
import { commands, facts } from "../../../utils/contract/events.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { createRest } from "../../support/client.ts";
import { movableClock } from "../../support/clock.ts";
import { type TestDatabase, testDatabase } from "../../support/db.ts";
import { expectProblem } from "../../support/expect.ts";
import { draftFor, makeGuest, makeLounge, makeRoom, makeSession, type Person } from "../../support/factories.ts";
import { connect, type Live } from "../../support/sockets.ts";

const clock = movableClock();

let database: TestDatabase;
let app: App;
let ann: Person;
let bob: Person;
let roomId: string;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url, now: clock.now });
});

beforeEach(async () => {
  [ann, bob] = [await makeGuest(app.services, { displayName: "Ann" }), await makeGuest(app.services, { displayName: "Bob" })];
  roomId = await makeRoom(app.services);
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

const open = (who: Person, to = app): Promise<Live> => connect(to.url, who.token);

/** A socket of somebody that is in the room. */
async function inside(who: Person): Promise<Live> {
  const live = await open(who);
  await live.tell("join_room", { roomId });
  return live;
}

const say = (live: Live, text = "hello") => live.tell("send_message", { roomId, clientMessageId: newId(), text });
const fill = (length: number) => Promise.all(Array.from({ length }, () => app.services.log.append(draftFor(roomId, bob))));
const codeOf = (answer: { ok: boolean; error?: { code: ErrorCode } }): string => (answer.ok ? "ok" : (answer.error?.code ?? ""));

describe("joining a room", () => {
  it("answers its newest 50 as a snapshot, who is here, and one's standing", async () => {
    await fill(60);
    const [live, other] = [await open(ann), await inside(bob)];
    const joined = await live.tell("join_room", { roomId });
    expect(commands.join_room.output.strict().parse(joined)).toEqual(joined);
    expect(joined).toMatchObject({
      lastSeq: 60,
      hasMore: true,
      isSnapshot: true,
      epoch: app.services.epoch(),
      me: { canSend: true, mutedUntil: null, lastReadSeq: 0 },
    });
    expect(joined.messages.map((message) => message.seq)).toEqual(Array.from({ length: 50 }, (_, place) => place + 11));
    expect(joined.members.onlineCount).toBe(2);
    expect(joined.members.users.map(({ displayName, status }) => [displayName, status])).toEqual([
      ["Bob", "online"],
      ["Ann", "online"],
    ]);
    for (const one of [live, other]) one.close();
  });

  it("with a number and the epoch answers exactly what was missed", async () => {
    await fill(30);
    const live = await open(ann);
    const { epoch } = await live.tell("join_room", { roomId });
    expect(await live.tell("join_room", { roomId, afterSeq: 28, epoch })).toMatchObject({
      isSnapshot: false,
      hasMore: false,
      lastSeq: 30,
      messages: [{ seq: 29 }, { seq: 30 }],
    });
    expect(await live.tell("join_room", { roomId, afterSeq: 30, epoch })).toMatchObject({ isSnapshot: false, lastSeq: 30, messages: [] });
    live.close();
  });

  it.each([
    ["another epoch", { afterSeq: 3, epoch: "another" }],
    ["a number from the future", { afterSeq: 9_999 }],
  ])("with %s answers a fresh snapshot", async (_, held) => {
    await fill(5);
    const live = await open(ann);
    expect(await live.tell("join_room", { roomId, ...held })).toMatchObject({
      isSnapshot: true,
      lastSeq: 5,
      messages: [{}, {}, {}, {}, {}],
    });
    live.close();
  });

  it("answers 1,000 missed messages, and a snapshot beyond them", async () => {
    await fill(1_002);
    const live = await open(ann);
    const near = await live.tell("join_room", { roomId, afterSeq: 2 });
    expect([near.isSnapshot, near.messages.length, near.lastSeq]).toEqual([false, 1_000, 1_002]);
    const far = await live.tell("join_room", { roomId, afterSeq: 1 });
    expect([far.isSnapshot, far.messages.length, far.lastSeq, far.hasMore]).toEqual([true, 50, 1_002, true]);
    live.close();
  });

  it("twice counts once", async () => {
    const live = await inside(ann);
    expect((await live.tell("join_room", { roomId })).members.onlineCount).toBe(1);
    live.close();
  });

  it("is refused when the lounge is full, in whichever of its rooms, and goes again when somebody left", async () => {
    const loungeId = await makeLounge(app.services, { maxCapacity: 1 });
    const [en, de] = [await makeRoom(app.services, { loungeId }), await makeRoom(app.services, { loungeId, languageCode: "de" })];
    const [first, second] = [await open(ann), await open(bob)];
    await first.tell("join_room", { roomId: en });
    for (const room of [en, de]) expect(codeOf(await second.ask("join_room", { roomId: room }))).toBe("room_full");
    await first.tell("join_room", { roomId: en });
    await first.tell("join_room", { roomId: de });
    for (const room of [en, de]) await first.tell("leave_room", { roomId: room });
    expect(codeOf(await second.ask("join_room", { roomId: de }))).toBe("ok");
    for (const one of [first, second]) one.close();
  });

  it("of too many rooms at once is refused", async () => {
    const capped = await bootApp({ database: database.url, limitsScale: 1, now: clock.now });
    const loungeId = await makeLounge(app.services);
    const rooms = await Promise.all(
      Array.from({ length: 101 }, (_, at) => makeRoom(app.services, { loungeId, languageCode: `en-${100 + at}` })),
    );
    const live = await open(ann, capped);
    const socket = capped.io.sockets.sockets.get(live.socket.id ?? "");
    for (const room of rooms.slice(0, 100)) void socket?.join(`room:${room}`);
    expect(codeOf(await live.ask("join_room", { roomId: rooms[100] ?? "" }))).toBe("too_many_rooms");
    expect(codeOf(await live.ask("join_room", { roomId: rooms[0] ?? "" }))).toBe("ok");
    await live.tell("leave_room", { roomId: rooms[0] ?? "" });
    expect(codeOf(await live.ask("join_room", { roomId: rooms[100] ?? "" }))).toBe("ok");
    await capped.close();
  });
});

describe("people of a room", () => {
  it("hear its messages, each announcement as the contract says, and nobody outside does", async () => {
    const [live, other, outside] = [await inside(ann), await inside(bob), await open(await makeGuest(app.services))];
    const { message } = await say(live, "hello there");
    const told = await other.hear("messages_changed");
    expect(facts.messages_changed.payload.strict().parse(told)).toEqual(told);
    expect(told).toMatchObject({ roomId, fromSeq: 0, toSeq: 1, epoch: app.services.epoch(), messages: [message] });
    await outside.tell("heartbeat", { status: "online" });
    expect(outside.heard).toEqual([]);
    for (const one of [live, other, outside]) one.close();
  });

  it("hear nothing any more after they left", async () => {
    const [live, other] = [await inside(ann), await inside(bob)];
    await other.tell("leave_room", { roomId });
    const before = other.heard.length;
    await say(live);
    live.socket.emit("typing_start", { roomId }, () => undefined);
    await pause(600);
    await other.tell("heartbeat", { status: "online" });
    expect(other.heard.slice(before)).toEqual([]);
    expect(await other.tell("leave_room", { roomId })).toEqual({});
    for (const one of [live, other]) one.close();
  });

  it("are told together when they come and when they go, and count once for several devices", async () => {
    const watcher = await inside(ann);
    await watcher.hear("user_joined");
    const [one, two, other] = await Promise.all([inside(bob), inside(bob), inside(await makeGuest(app.services, { displayName: "Cid" }))]);
    const came = await watcher.hear("user_joined", ({ onlineCount }) => onlineCount === 3);
    expect(came.users.map(({ displayName }) => displayName).sort()).toEqual(["Bob", "Cid"]);
    one.close();
    other.close();
    const left = await watcher.hear("user_left");
    expect(left).toMatchObject({ roomId, onlineCount: 2, users: [{ displayName: "Cid" }] });
    two.close();
    expect(await watcher.hear("user_left", ({ onlineCount }) => onlineCount === 1)).toMatchObject({ users: [{ displayName: "Bob" }] });
    watcher.close();
  });

  it("see who writes, until the message, the word, or 6 s", async () => {
    const [live, other] = [await inside(ann), await inside(bob)];
    const writing = (payload: { users: unknown[] }) => payload.users.length === 1;
    const silent = (payload: { users: unknown[] }) => payload.users.length === 0;
    await live.tell("typing_start", { roomId });
    expect(await other.hear("user_typing", writing)).toMatchObject({ roomId, users: [{ id: ann.id, displayName: "Ann" }] });
    await say(live);
    await other.hear("user_typing", silent);
    await live.tell("typing_start", { roomId });
    while (other.heard.filter(({ name }) => name === "user_typing").length < 3) await pause(20);
    clock.advance(6_000);
    while (other.heard.filter(({ name }) => name === "user_typing").length < 4) await pause(20);
    expect(other.heard.filter(({ name }) => name === "user_typing").at(-1)?.payload).toEqual({ roomId, users: [] });
    for (const one of [live, other]) one.close();
  });

  it("see who is away and who is gone, gathered", async () => {
    const [live, other] = [await inside(ann), await inside(bob)];
    await live.tell("heartbeat", { status: "away" });
    const status = (wanted: string) => (payload: { users: { id: string; status: string }[] }) =>
      payload.users.some((user) => user.id === ann.id && user.status === wanted);
    await other.hear("presence_changed", status("away"));
    await live.tell("heartbeat", { status: "online" });
    const newest = () => other.heard.filter(({ name }) => name === "presence_changed").at(-1)?.payload;
    while (!status("online")(newest() as never)) await pause(20);
    clock.advance(5 * 60_000);
    await other.tell("heartbeat", { status: "online" });
    while (!status("away")(newest() as never)) await pause(20);
    clock.advance(5 * 60_000);
    await other.hear("presence_changed", status("offline"));
    const { rows } = await database.pool.query("SELECT presence_status FROM users WHERE id = $1", [ann.id]);
    expect(rows).toEqual([{ presence_status: "offline" }]);
    for (const one of [live, other]) one.close();
  });

  it("who fall silent at one time are told of in one fact, once to each who sees them", async () => {
    const other = await makeRoom(app.services);
    const [live, cid, watcher] = [await inside(ann), await inside(await makeGuest(app.services)), await inside(bob)];
    for (const one of [live, cid, watcher]) await one.tell("join_room", { roomId: other });
    while (watcher.heard.filter(({ name }) => name === "presence_changed").length === 0) await pause(20);
    clock.advance(5 * 60_000);
    await watcher.tell("heartbeat", { status: "online" });
    const away = await watcher.hear("presence_changed", ({ users }) => users.some(({ status }) => status === "away"));
    expect(away.users.filter(({ status }) => status === "away").length).toBeGreaterThanOrEqual(2);
    const seen = watcher.heard.flatMap(({ name, payload }) =>
      name === "presence_changed" ? payload.users.filter(({ status }) => status === "away").map(({ id }) => id) : [],
    );
    expect(seen.length).toBe(new Set(seen).size);
    for (const one of [live, cid, watcher]) one.close();
  });
});

describe("a heartbeat", () => {
  it("tells the newest numbers of the joined rooms, and of no other", async () => {
    const live = await inside(ann);
    await fill(7);
    await makeRoom(app.services);
    while ((await live.tell("heartbeat", { status: "online" })).heads[roomId] !== 7) await pause(20);
    expect(await live.tell("heartbeat", { status: "away" })).toEqual({ status: "away", heads: { [roomId]: 7 } });
    await live.tell("leave_room", { roomId });
    expect(await live.tell("heartbeat", { status: "online" })).toEqual({ status: "online", heads: {} });
    live.close();
  });

  it("over REST is a sign of life too", async () => {
    const rest = Object.assign(createRest(app.url), { token: ann.token });
    expect((await rest.post("/api/presence/heartbeat", { status: "online" })).body).toEqual({ status: "online", nextHeartbeatMs: 25_000 });
    expect((await rest.post("/api/presence/heartbeat", { status: "offline" })).status).toBe(400);
  });
});

describe("a session's end", () => {
  it("by sign-out tells and cuts its sockets within 2 s, and no other device's", async () => {
    const desk = await makeSession(app.services, ann);
    const [phone, kept, other] = [await inside(ann), await inside(desk), await inside(bob)];
    const rest = Object.assign(createRest(app.url), { token: desk.token });
    const endedAt = performance.now();
    expect((await rest.call("DELETE", `/api/auth/sessions/${ann.sessionId}`)).status).toBe(204);
    expectProblem(await phone.hear("session_ended"), "session_revoked");
    await phone.ended();
    expect(performance.now() - endedAt).toBeLessThan(2_000);
    await say(other);
    await kept.hear("messages_changed");
    expect(phone.heard.filter(({ name }) => name === "messages_changed")).toEqual([]);
    for (const one of [kept, other]) one.close();
  });

  it.each([
    ["ended on another node", "UPDATE sessions SET ended_at = now(), end_reason = 'signed_out' WHERE id = $1"],
    ["that ran out", "UPDATE sessions SET created_at = '2026-01-01', expires_at = '2026-01-02' WHERE id = $1"],
    ["that was removed", "DELETE FROM sessions WHERE id = $1"],
  ])("%s: its commands are refused and its sockets cut within 2 s", async (_, statement) => {
    const [live, other] = [await inside(ann), await inside(bob)];
    await database.pool.query(statement, [ann.sessionId]);
    const endedAt = performance.now();
    expectProblem(await live.hear("session_ended"), "session_revoked");
    expect(performance.now() - endedAt).toBeLessThan(2_000);
    await live.ended();
    await say(other);
    expect(live.heard.filter(({ name }) => name === "messages_changed")).toEqual([]);
    other.close();
  });

  it("is heard by commands that come before the cut", async () => {
    const live = await inside(ann);
    await database.pool.query("UPDATE sessions SET ended_at = now() WHERE id = $1", [ann.sessionId]);
    app.services.sessions.forget(ann.sessionId);
    const answers = await Promise.all([
      live.ask("send_message", { roomId, clientMessageId: newId(), text: "x" }),
      live.ask("sync_room", { roomId, afterSeq: 0 }),
      live.ask("heartbeat", { status: "online" }),
    ]);
    expect(answers.map(codeOf)).toEqual(["session_revoked", "session_revoked", "session_revoked"]);
    live.close();
  });
});
