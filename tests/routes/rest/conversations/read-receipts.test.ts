import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { serverEvents } from "../../../../utils/contract/events.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { ConversationDto, UnreadDto } from "../../../../utils/contract/schemas/conversations.ts";
import { bootApp } from "../../../support/app.ts";
import { codeOf, makeOpenConversation, openConversation, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { draftFor, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import type { Live } from "../../../support/sockets/sockets.ts";

let ann: Person;
let bob: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  [ann, bob] = [await makeMember(app.services, { displayName: "Ann" }), await makeMember(app.services, { displayName: "Bob" })];
});

afterEach(hangUp);

const unreadOf = async (person: Person, roomId: string) =>
  (await restOf(app, person).get<{ items: UnreadDto[] }>("/api/chatroom/unread")).body.items.find((item) => item.roomId === roomId);
const view = async (person: Person, roomId: string) =>
  (await restOf(app, person).get<ConversationDto>(`/api/conversations/${roomId}`)).body;
const hideReceipts = (person: Person) => database.db.user.update({ where: { id: person.id }, data: { showsReceipts: false } });
const readBy = (live: Live, person: Person) =>
  live.received.filter(({ name, payload }) => name === "read_changed" && "userId" in payload && payload.userId === person.id);

describe("read receipts", () => {
  it("only move forward, up to the newest message, and reach the other member and all of the reader's devices", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const theirs = await line(bob);
    const phone = await line(await makeSession(app.services, bob));
    for (const text of ["one", "two", "three"]) await sayIn(live, roomId, text);
    await theirs.command("mark_received", { roomId, seq: 2 });
    expect(await live.nextEvent("read_changed")).toEqual({ roomId, userId: bob.id, seq: 0, receivedSeq: 2 });
    await theirs.command("mark_read", { roomId, seq: 1 });
    const event = await phone.nextEvent("read_changed", ({ seq }) => seq === 1);
    expect(serverEvents.read_changed.payload.strict().parse(event)).toEqual({
      roomId,
      userId: bob.id,
      seq: 1,
      receivedSeq: 2,
      unreadCount: 2,
      mentionCount: 0,
    });
    await theirs.command("mark_read", { roomId, seq: 99 });
    expect(await live.nextEvent("read_changed", ({ seq }) => seq > 1)).toEqual({ roomId, userId: bob.id, seq: 3, receivedSeq: 3 });
    for (const command of ["mark_read", "mark_received"] as const) await theirs.command(command, { roomId, seq: 1 });
    expect((await view(ann, roomId)).members.find(({ id }) => id === bob.id)).toMatchObject({ lastReadSeq: 3, receivedSeq: 3 });
    expect(await view(bob, roomId)).toMatchObject({ unreadCount: 0, me: { lastReadSeq: 3 } });
  });

  it.each(["reader", "author"] as const)("are published only to the reader's own devices if the %s hides them", async (who) => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const theirs = await line(bob);
    await sayIn(live, roomId);
    await hideReceipts(who === "reader" ? bob : ann);
    await theirs.command("mark_read", { roomId, seq: 1 });
    await theirs.nextEvent("read_changed");
    await pause(2 * limits.gatherMs);
    expect(readBy(live, bob)).toEqual([]);
    expect((await view(ann, roomId)).members.find(({ id }) => id === bob.id)).toMatchObject({ lastReadSeq: null, receivedSeq: null });
  });
});

describe("typing and presence", () => {
  it("are published to the other member of a conversation, wherever they are", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const theirs = await line(bob);
    expect(await live.nextEvent("presence_changed")).toMatchObject({ users: [{ id: bob.id, status: "online" }] });
    await theirs.command("typing_start", { roomId });
    expect(await live.nextEvent("user_typing")).toMatchObject({ roomId, users: [{ id: bob.id }] });
    await theirs.command("typing_stop", { roomId });
    expect(await live.nextEvent("user_typing", ({ users }) => users.length === 0)).toMatchObject({ roomId });
    expect(theirs.received.filter(({ name }) => name === "user_typing")).toEqual([]);
    expect((await view(ann, roomId)).members.find(({ id }) => id === bob.id)?.status).toBe("online");
  });
});

describe("unread count", () => {
  it("includes existing messages of other users, up to 99, in visited rooms and in conversations", async () => {
    const roomId = await makeRoom(app.services);
    const never = await makeRoom(app.services);
    const live = await line(ann);
    const theirs = await line(bob);
    for (const one of [live, theirs]) await one.command("join_room", { roomId });
    await sayIn(live, roomId, `hello <@${bob.id}>`);
    const gone = await sayIn(live, roomId, "gone");
    if (gone.ok) await live.command("delete_message", { messageId: gone.data.message.id });
    await sayIn(theirs, roomId, "mine");
    await sayIn(live, roomId, "more");
    expect(await unreadOf(bob, roomId)).toMatchObject({ kind: "language", lastReadSeq: 0, unreadCount: 2, mentionCount: 1, level: "all" });
    await Promise.all(Array.from({ length: 110 }, () => app.services.messageWriter.write(draftFor(roomId, ann))));
    expect((await unreadOf(bob, roomId))?.unreadCount).toBe(99);
    expect((await restOf(app, bob).post(`/api/chatroom/rooms/${roomId}/read`, { seq: 1_000 })).status).toBe(204);
    expect(await theirs.nextEvent("read_changed")).toMatchObject({ roomId, userId: bob.id, unreadCount: 0, mentionCount: 0 });
    expect(await unreadOf(bob, roomId)).toMatchObject({ unreadCount: 0, mentionCount: 0 });
    expect(await unreadOf(bob, never)).toBeUndefined();
    expect(readBy(live, bob)).toEqual([]);
  });

  it("is the same on all devices, and is published in batches", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const devices = [await line(bob), await line(await makeSession(app.services, bob))];
    await Promise.all(
      Array.from({ length: 30 }, () => app.services.messageWriter.write(draftFor(roomId, ann, { conversation: { peerId: bob.id } }))),
    );
    for (const device of devices) await device.nextEvent("conversation_changed", ({ unreadCount }) => unreadCount === 30);
    expect(devices[0]?.received.filter(({ name }) => name === "conversation_changed").length).toBeLessThan(4);
    await devices[0]?.command("mark_read", { roomId, seq: 12 });
    for (const device of devices) expect(await device.nextEvent("read_changed")).toMatchObject({ seq: 12, unreadCount: 18 });
    expect((await unreadOf(bob, roomId))?.unreadCount).toBe(18);
  });

  it("respects the notification level of each user", async () => {
    const roomId = await makeRoom(app.services);
    const talkId = await makeOpenConversation(app, ann, bob);
    const theirs = await line(bob);
    for (const id of [roomId, talkId]) {
      const answer = await restOf(app, bob).call("PUT", `/api/chatroom/rooms/${id}/level`, { json: { level: "mentions" } });
      expect(answer.status).toBe(204);
      expect((await unreadOf(bob, id))?.level).toBe("mentions");
    }
    expect(await theirs.nextEvent("conversation_changed")).toMatchObject({ id: talkId, me: { level: "mentions" } });
    expect((await unreadOf(ann, talkId))?.level).toBe("all");
  });
});

describe("group", () => {
  const call = (person: Person, method: string, path: string, json?: object) =>
    restOf(app, person).call<ConversationDto>(method, `/api/conversations/${path}`, json === undefined ? {} : { json });

  async function makeGroup(owner: Person, others: readonly Person[]): Promise<string> {
    for (const { id } of others) await database.db.user.update({ where: { id }, data: { whoMayWrite: "everyone" } });
    return (await openConversation(app, owner, { userIds: others.map(({ id }) => id) })).body.id;
  }

  it("is renamed and extended by its members, reduced by its owner, and transferred when the owner leaves", async () => {
    const cat = await makeMember(app.services);
    const dan = await makeMember(app.services);
    await database.db.user.update({ where: { id: cat.id }, data: { whoMayWrite: "everyone" } });
    const roomId = await makeGroup(ann, [bob, dan]);
    const theirs = await line(bob);
    expect((await call(bob, "PATCH", roomId, { name: "Canals" })).body.name).toBe("Canals");
    expect(await theirs.nextEvent("conversation_changed", ({ name }) => name === "Canals")).toMatchObject({ id: roomId, ownerId: ann.id });
    expect((await call(bob, "POST", `${roomId}/members`, { userIds: [cat.id, bob.id] })).body.members).toHaveLength(4);
    expect(await call(bob, "DELETE", `${roomId}/members/${cat.id}`)).toMatchObject({ status: 403, body: { code: "forbidden" } });
    expect((await call(ann, "DELETE", `${roomId}/members/${cat.id}`)).status).toBe(204);
    expect((await call(cat, "GET", roomId)).status).toBe(404);
    expect((await call(ann, "DELETE", roomId)).status).toBe(204);
    expect((await call(bob, "GET", roomId)).body).toMatchObject({ ownerId: expect.stringMatching(`${bob.id}|${dan.id}`) });
    const many = await Promise.all(Array.from({ length: 49 }, () => makeMember(app.services)));
    const adding = await call(bob, "POST", `${roomId}/members`, { userIds: many.map(({ id }) => id) });
    expect(adding).toMatchObject({ status: 403, body: { code: "room_full", maxCapacity: 50 } });
    expect((await call(bob, "PATCH", await makeOpenConversation(app, bob, dan), { name: "x" })).status).toBe(404);
  });

  it("delivers no message numbered after a removal to the removed member, even with concurrent writers", async () => {
    const roomId = await makeGroup(ann, [bob]);
    const live = await line(ann);
    const theirs = await line(bob);
    const writing = Array.from({ length: 40 }, (_, n) => sayIn(n % 2 === 0 ? live : theirs, roomId));
    const removing = call(ann, "DELETE", `${roomId}/members/${bob.id}`);
    const answers = (await Promise.all(writing)).map(codeOf);
    expect((await removing).status).toBe(204);
    expect(answers.every((code) => code === "ok" || code === "not_found")).toBe(true);
    await theirs.nextEvent("conversation_left", (payload) => payload.roomId === roomId);
    const { rows } = await database.pool.query<{ head: number }>("SELECT last_seq AS head FROM rooms WHERE id = $1", [roomId]);
    const removedAt = rows[0]?.head ?? 0;
    await Promise.all(Array.from({ length: 10 }, () => sayIn(live, roomId)));
    await live.nextEvent("messages_changed", ({ toSeq }) => toSeq === removedAt + 10);
    for (const name of ["sync_room", "join_room", "typing_start", "mark_read"] as const)
      expect(codeOf(await theirs.ask(name, { roomId, afterSeq: 0, ...(name === "mark_read" && { seq: 1 }) } as never))).toMatch(
        /not_found|invalid_input/,
      );
    const receivedSeqs = theirs.received.flatMap(({ name, payload }) => (name === "messages_changed" ? [payload.toSeq] : []));
    expect(Math.max(0, ...receivedSeqs)).toBeLessThanOrEqual(removedAt);
    expect(await database.db.roomMember.count({ where: { roomId, userId: bob.id } })).toBe(0);
  });
});

describe("conversation rate limit", () => {
  it("allows a new member five new conversations a day, and unlimited reopening", async () => {
    const tight = await bootApp({ database: database.url, limitsScale: 1 });
    const people = await Promise.all(Array.from({ length: 6 }, () => makeMember(app.services)));
    const statuses: number[] = [];
    for (const { id } of [...people.slice(0, 5), ...people.slice(0, 2)])
      statuses.push((await openConversation(tight, ann, { userId: id })).status);
    expect(statuses).toEqual(statuses.map(() => 201));
    expect(await openConversation(tight, ann, { userId: people[5]?.id })).toMatchObject({ status: 429, body: { code: "rate_limited" } });
    await tight.close();
  });
});
