import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { JoinedDto } from "../../../utils/contract/schemas/rooms.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { createRest } from "../../support/client.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";
import { makeGuest, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";

let database: TestDatabase;
let app: App;
let other: App;
let ann: Person;
let roomId: string;
let watcher: Live;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
  other = await bootApp({ database: database.url });
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
  await database.drop();
});

const join = async (live: Live): Promise<JoinedDto> => live.command("join_room", { roomId });
const setInvisible = async (isInvisible: boolean, to = app): Promise<void> => {
  const rest = createRest(to.url);
  rest.token = ann.token;
  expect((await rest.call("PATCH", "/api/users/me", { json: { privacy: { isInvisible } } })).status).toBe(200);
};

/** Returns all events the watcher received that name a user. */
const receivedEvents = (): string => JSON.stringify(watcher.received.filter(({ name }) => name !== "messages_changed"));

beforeEach(async () => {
  [ann, roomId] = [await makeMember(app.services, { displayName: "Ann Unseen" }), await makeRoom(app.services)];
  watcher = await connect(app.url, (await makeGuest(app.services, { displayName: "Watcher" })).token);
  await join(watcher);
  await watcher.nextEvent("user_joined");
});

/** Waits until the node has flushed its pending events: another user joins, and the watcher receives the event. */
async function flushEvents(): Promise<void> {
  const visitor = await makeGuest(app.services);
  const live = await connect(app.url, visitor.token);
  await join(live);
  await watcher.nextEvent("user_joined", ({ users }) => users.some(({ id }) => id === visitor.id));
  await watcher.nextEvent("presence_changed", ({ users }) => users.some(({ id }) => id === visitor.id));
  live.close();
  await watcher.nextEvent("user_left", ({ users }) => users.some(({ id }) => id === visitor.id));
}

describe("invisible user", () => {
  it("joins, types, sends heartbeats and leaves without an event, and is counted nowhere", async () => {
    await setInvisible(true);
    const live = await connect(app.url, ann.token);
    expect((await join(live)).members).toMatchObject({ onlineCount: 1, users: [{ displayName: "Watcher" }] });
    await live.command("typing_start", { roomId });
    await live.command("heartbeat", { status: "online" });
    await flushEvents();
    const rest = createRest(app.url);
    rest.token = ann.token;
    const lounges = (await rest.get<{ items: { rooms: { id: string; onlineCount: number }[] }[] }>("/api/chatroom/lounges")).body.items;
    expect(lounges.flatMap(({ rooms }) => rooms).find(({ id }) => id === roomId)?.onlineCount).toBe(1);
    expect(JSON.stringify((await rest.get(`/api/chatroom/rooms/${roomId}/members`)).body)).not.toContain(ann.id);
    live.close();
    await flushEvents();
    expect(receivedEvents()).not.toContain(ann.id);
    expect((await database.db.user.findUniqueOrThrow({ where: { id: ann.id } })).presenceStatus).toBe("offline");
    watcher.close();
  });

  it("sends heartbeats over REST without an event", async () => {
    await setInvisible(true);
    const rest = createRest(app.url);
    rest.token = ann.token;
    expect((await rest.post("/api/presence/heartbeat", { status: "online" })).body).toMatchObject({ status: "online" });
    await flushEvents();
    expect((await database.db.user.findUniqueOrThrow({ where: { id: ann.id } })).presenceStatus).toBe("offline");
    watcher.close();
  });

  it("can send messages, which are published", async () => {
    await setInvisible(true);
    const live = await connect(app.url, ann.token);
    await join(live);
    await live.command("send_message", { roomId, clientMessageId: newId(), text: "boo" });
    expect(await watcher.nextEvent("messages_changed")).toMatchObject({ messages: [{ text: "boo", author: { id: ann.id } }] });
    for (const one of [live, watcher]) one.close();
  });
});

describe("toggling invisibility", () => {
  const isAnn = ({ users }: { users: { id: string }[] }): boolean => users.some(({ id }) => id === ann.id);

  it("on looks like leaving, and off like joining, each within 2 s", async () => {
    const live = await connect(app.url, ann.token);
    await join(live);
    await watcher.nextEvent("user_joined", isAnn);
    await live.command("typing_start", { roomId });
    await watcher.nextEvent("user_typing", isAnn);
    // The server looks for status changes once a second, so wait until the user was published as online.
    const statusOf = async () => (await database.db.user.findUniqueOrThrow({ where: { id: ann.id } })).presenceStatus;
    await expect.poll(statusOf).toBe("online");
    let since = performance.now();
    await setInvisible(true);
    expect(await watcher.nextEvent("user_left", isAnn)).toMatchObject({ onlineCount: 1 });
    await watcher.nextEvent("user_typing", ({ users }) => users.length === 0);
    await watcher.nextEvent("presence_changed", ({ users }) => users.some(({ id, status }) => id === ann.id && status === "offline"));
    expect(performance.now() - since).toBeLessThan(2_000);
    const receivedBefore = watcher.received.length;
    since = performance.now();
    await setInvisible(false);
    await watcher.nextEvent(
      "user_joined",
      (event) => isAnn(event) && watcher.received.findIndex(({ payload }) => payload === event) >= receivedBefore,
    );
    expect(performance.now() - since).toBeLessThan(2_000);
    for (const one of [live, watcher]) one.close();
  });

  it("applies on another node within 2 s", async () => {
    const live = await connect(app.url, ann.token);
    await join(live);
    await watcher.nextEvent("user_joined", isAnn);
    const since = performance.now();
    await setInvisible(true, other);
    await watcher.nextEvent("user_left", isAnn);
    expect(performance.now() - since).toBeLessThan(2_000);
    for (const one of [live, watcher]) one.close();
  });
});

describe("lounge with a maximum capacity", () => {
  it("counts invisible users towards it", async () => {
    const small = await makeRoom(app.services, { maxCapacity: 1 });
    await setInvisible(true);
    const live = await connect(app.url, ann.token);
    await live.command("join_room", { roomId: small });
    expect(await watcher.ask("join_room", { roomId: small })).toMatchObject({ ok: false, error: { code: "room_full" } });
    for (const one of [live, watcher]) one.close();
  });
});
