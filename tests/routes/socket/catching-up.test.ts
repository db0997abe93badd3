import type pg from "pg";
import { afterEach, beforeAll, beforeEach, expect, it } from "vitest";
import { readChanges } from "../../../services/messages/queries.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { createRest, type Rest } from "../../support/client.ts";
import { type Queries, watchQueries } from "../../support/database/queries.ts";
import { draftFor, issueSanction, lastSeqOf, makeGuest, makeRoom, type Person, textFor } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";
import { connect, type Live } from "../../support/sockets/sockets.ts";
import { fillRoom } from "../../support/texts/many-messages.ts";

const READ = "messages-changes";
const HEAD = 1_500;

let queries: Queries;
let ann: Person;
let roomIds: string[];
const lines: Live[] = [];
const taken: pg.PoolClient[] = [];

const { app, database } = await appForFile();

beforeAll(async () => {
  queries = watchQueries(app.services.pool);
  ann = await makeGuest(app.services);
  roomIds = await Promise.all(Array.from({ length: 6 }, () => makeRoom(app.services)));
  for (const roomId of roomIds) await fillRoom(database.pool, { roomId, authorIds: [ann.id], amount: HEAD });
});

beforeEach(() => {
  app.services.catchUps.invalidate();
  queries.forget();
});

afterEach(() => {
  queries.release();
  for (const client of taken.splice(0)) client.release();
  for (const line of lines.splice(0)) line.close();
});

async function arrive(who?: Person): Promise<Live> {
  const line = await connect(app.url, (who ?? (await makeGuest(app.services))).token);
  lines.push(line);
  return line;
}

function restOf({ token }: Person): Rest {
  const rest = createRest(app.url);
  rest.token = token;
  return rest;
}

/** Takes all connections of the pool that serves ordinary calls. */
async function takeAllConnections(): Promise<void> {
  const { pool } = app.services;
  while (pool.idleCount > 0 || pool.totalCount < pool.options.max) taken.push(await pool.connect());
}

const room = (place: number): string => roomIds[place] ?? "";
const numbers = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, place) => from + place + 1);

it("clients that return to a room concurrently: share its reads, and each gets the messages it missed", async () => {
  const behind = [50, 500, 900, 1_000, 1_400, 1, 77, 640];
  const people = await Promise.all(behind.map(() => arrive()));
  queries.hold(READ);
  const joins = people.map((line, place) => line.command("join_room", { roomId: room(0), afterSeq: HEAD - (behind[place] ?? 0) }));
  await queries.untilHeld(1);
  queries.release();
  const answers = await Promise.all(joins);
  const expected = behind.map((missed) => (missed > limits.syncMessages ? numbers(HEAD - 50, HEAD) : numbers(HEAD - missed, HEAD)));
  expect(answers.map(({ messages }) => messages.map(({ changedSeq }) => changedSeq))).toEqual(expected);
  expect(answers.map(({ isSnapshot }) => isSnapshot)).toEqual(behind.map((missed) => missed > limits.syncMessages));
  expect(answers.map(({ lastSeq, epoch }) => [lastSeq, epoch])).toEqual(behind.map(() => [HEAD, app.services.epoch()]));
  expect(queries.of(READ).length).toBeLessThanOrEqual(2);
});

it("clients that share a read: get the same messages over WebSocket and over polling, separately and with other packets", async () => {
  const people = await Promise.all(
    (["websocket", "polling", "websocket", "polling"] as const).map(async (transport) => {
      const line = await connect(app.url, (await makeGuest(app.services)).token, { transports: [transport] });
      lines.push(line);
      return line;
    }),
  );
  const joins = people.flatMap((line) => [
    line.command("heartbeat", { status: "online" }),
    line.command("join_room", { roomId: room(2), afterSeq: HEAD - 300 }),
    line.command("sync_room", { roomId: room(2), afterSeq: HEAD - 300 }),
  ]);
  const answers = (await Promise.all(joins)).flatMap((answer) => ("messages" in answer ? [answer.messages] : []));
  const { messages } = await readChanges(database.pool, { roomId: room(2), afterSeq: HEAD - 300, limit: 1_000 });
  expect(answers).toEqual(Array.from({ length: 8 }, () => messages));
});

it.each([
  ["is too far behind", { afterSeq: 100 }],
  ["holds another history", { afterSeq: HEAD - 10, epoch: "another" }],
  ["holds a number that the room has not reached", { afterSeq: HEAD + 1 }],
  ["holds nothing", {}],
])("client that %s: gets a snapshot without reading the changes", async (_, held) => {
  const { isSnapshot, messages } = await (await arrive()).command("join_room", { roomId: room(1), ...held });
  expect([isSnapshot, messages.length]).toEqual([true, limits.snapshotMessages]);
  expect(queries.of(READ)).toEqual([]);
});

it("reads of many rooms: four use a connection concurrently, and meanwhile all other commands get a response", async () => {
  const writer = await arrive(ann);
  const other = await arrive();
  await other.command("join_room", { roomId: room(0) });
  const people = await Promise.all(roomIds.map(() => arrive()));
  queries.hold(READ);
  const joins = people.map((line, place) => line.command("join_room", { roomId: room(place), afterSeq: HEAD - 900 }));
  await queries.untilHeld(4);
  const { message } = await writer.command("send_message", textFor(room(0)));
  await other.nextEvent("messages_changed", ({ messages }) => messages.some(({ id }) => id === message.id));
  await writer.command("add_reaction", { messageId: message.id, emoji: "👍" });
  const { heads } = await other.command("heartbeat", { status: "online" });
  expect(heads[room(0)]).toBeGreaterThan(HEAD);
  const rest = restOf(ann);
  expect((await rest.get("/api/chatroom/lounges")).status).toBe(200);
  expect((await rest.get(`/api/chatroom/rooms/${room(0)}/messages`)).status).toBe(200);
  expect([queries.held(), queries.mostHeld()]).toEqual([4, 4]);
  queries.release();
  const answers = await Promise.all(joins);
  expect(answers.map(({ messages, isSnapshot }) => [isSnapshot, messages.length >= 900])).toEqual(roomIds.map(() => [false, true]));
  expect(queries.mostHeld()).toBe(4);
});

it("sync_room and REST pages after a number: wait in the same queue as joins", async () => {
  const people = await Promise.all(roomIds.slice(0, 4).map(() => arrive()));
  const syncer = await arrive();
  queries.hold(READ);
  const joins = people.map((line, place) => line.command("join_room", { roomId: room(place), afterSeq: HEAD - 400 }));
  await queries.untilHeld(4);
  const order: string[] = [];
  const synced = syncer.command("sync_room", { roomId: room(5), afterSeq: HEAD - 30 }).then((answer) => {
    order.push("sync");
    return answer;
  });
  const rest = restOf(ann);
  const page = rest.get<{ items: unknown[] }>(`/api/chatroom/rooms/${room(5)}/messages?after=${HEAD - 30}`).then((answer) => {
    order.push("page");
    return answer;
  });
  await syncer.command("heartbeat", { status: "online" });
  order.push("heartbeat");
  queries.release();
  await Promise.all(joins);
  expect((await synced).messages.map(({ seq }) => seq)).toEqual(numbers(HEAD - 30, HEAD));
  expect((await page).body.items).toHaveLength(30);
  expect(order[0]).toBe("heartbeat");
});

it("signing out while every ordinary database connection is taken: disconnects the socket, and heartbeats get a response", async () => {
  const leaver = await makeGuest(app.services);
  const line = await arrive(leaver);
  const other = await arrive();
  const rest = restOf(leaver);
  const headers = { "x-csrf-token": await rest.csrf() };
  await takeAllConnections();
  expect((await other.command("heartbeat", { status: "online" })).status).toBe("online");
  expect((await rest.post("/api/auth/signout", {}, { headers })).status).toBe(204);
  expect((await line.nextEvent("session_ended")).code).toBe("session_revoked");
  await line.ended();
});

it("ban by another node while every ordinary database connection is taken: disconnects the socket", async () => {
  const banned = await makeGuest(app.services);
  const line = await arrive(banned);
  await takeAllConnections();
  await issueSanction(database, banned.id, { kind: "ban" });
  expect((await line.nextEvent("session_ended")).code).toBe("banned");
});

it("messages written while clients return: reach them once, in the response or after it", async () => {
  const roomId = room(4);
  const people = await Promise.all(Array.from({ length: 6 }, () => arrive()));
  queries.hold(READ);
  const joins = people.map((line, place) => line.command("join_room", { roomId, afterSeq: HEAD - 100 * (place + 1) }));
  await queries.untilHeld(1);
  await app.services.messageWriter.write(draftFor(roomId, ann));
  queries.release();
  const answers = await Promise.all(joins);
  await app.services.messageWriter.write(draftFor(roomId, ann));
  const last = await lastSeqOf(database.pool, roomId);
  const seen = await Promise.all(
    answers.map(async ({ messages, lastSeq }, place) => {
      await people[place]?.nextEvent("messages_changed", ({ toSeq }) => toSeq >= last);
      const later = (people[place]?.received ?? []).flatMap(({ name, payload }) => (name === "messages_changed" ? payload.messages : []));
      return [...messages, ...later.filter(({ changedSeq }) => changedSeq > lastSeq)].map(({ changedSeq }) => changedSeq);
    }),
  );
  expect(seen).toEqual(people.map((_, place) => numbers(HEAD - 100 * (place + 1), last)));
});
