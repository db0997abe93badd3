import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { limits } from "../../../../utils/contract/limits.ts";
import type { BlockDto, ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { newId } from "../../../../utils/ids.ts";
import { codeOf, letWrite, makeOpenConversation, openConversation, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { lastSeqOf, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
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

const open = (person: Person, other: Person) => openConversation(app, person, { userId: other.id });
const list = async (person: Person, state: string) =>
  (await restOf(app, person).get<{ items: ConversationDto[] }>(`/api/conversations?state=${state}`)).body.items;
const view = async (person: Person, roomId: string) =>
  (await restOf(app, person).get<ConversationDto>(`/api/conversations/${roomId}`)).body;
const accept = (person: Person, roomId: string) => restOf(app, person).post<ConversationDto>(`/api/conversations/${roomId}/accept`);
const leave = (person: Person, roomId: string) => restOf(app, person).call("DELETE", `/api/conversations/${roomId}`);
const block = (person: Person, other: Person) => restOf(app, person).call("PUT", `/api/users/me/blocks/${other.id}`);
const unblock = (person: Person, other: Person) => restOf(app, person).call("DELETE", `/api/users/me/blocks/${other.id}`);

/** Returns the names of the events about a user that a socket received, after pending batches were flushed. */
async function eventsAbout(live: Live, names: readonly string[], person: Person): Promise<string[]> {
  await pause(3 * limits.gatherMs);
  return live.received.flatMap(({ name, payload }) => (names.includes(name) && JSON.stringify(payload).includes(person.id) ? [name] : []));
}

describe("contact permission", () => {
  it.each([
    ["everyone", false, "active"],
    ["shares_room", false, "requested"],
    ["shares_room", true, "active"],
    ["contacts", true, "requested"],
  ] as const)("set to %s, with a shared room: %s, makes a new conversation %s", async (whom, isTogether, state) => {
    await letWrite(app, bob, whom);
    if (isTogether) {
      const roomId = await makeRoom(app.services);
      await database.db.roomMember.createMany({ data: [ann, bob].map(({ id }) => ({ roomId, userId: id })) });
    }
    const { body } = await open(ann, bob);
    expect(body.members.find(({ id }) => id === bob.id)?.state).toBe(state);
    expect(body.waitsForAcceptance).toBe(state === "requested");
  });

  it("set to nobody rejects all users, also in a group, except existing contacts", async () => {
    await letWrite(app, bob, "nobody");
    const friend = await makeMember(app.services);
    expect(await open(ann, bob)).toMatchObject({ status: 403, body: { code: "cannot_message" } });
    expect(await openConversation(app, ann, { userIds: [bob.id, friend.id] })).toMatchObject({
      status: 403,
      body: { code: "cannot_message" },
    });
    await makeOpenConversation(app, ann, friend);
    await letWrite(app, friend, "contacts");
    const { body } = await openConversation(app, ann, { userIds: [friend.id], name: "  Two   of us " });
    expect(body).toMatchObject({ kind: "group", name: "Two of us", ownerId: ann.id });
    expect(body.members.find(({ id }) => id === friend.id)?.state).toBe("active");
  });
});

describe("message request", () => {
  it("contains one message until it is accepted, even with concurrent messages; a retry returns the same message", async () => {
    const { body } = await open(ann, bob);
    expect(await list(bob, "requested")).toEqual([]);
    const live = await line(ann);
    const theirs = await line(bob);
    const answers = await Promise.all(Array.from({ length: 4 }, () => sayIn(live, body.id)));
    expect(answers.map(codeOf).sort()).toEqual(["cannot_message", "cannot_message", "cannot_message", "ok"]);
    const sent = answers.find((answer) => answer.ok);
    if (sent?.ok !== true) throw new Error("nothing was sent");
    const { message } = sent.data;
    expect(codeOf(await sayIn(live, body.id, message.text, message.clientMessageId))).toBe("ok");
    expect(await view(ann, body.id)).toMatchObject({ waitsForAcceptance: true, me: { canSend: false } });
    expect(await theirs.nextEvent("conversation_changed")).toMatchObject({ id: body.id, me: { state: "requested", canSend: false } });
    expect((await list(bob, "requested")).map(({ id }) => id)).toEqual([body.id]);
    expect(await list(bob, "active")).toEqual([]);
    expect(await database.db.notification.findMany({ where: { userId: bob.id } })).toMatchObject([
      { kind: "message_request", actorId: ann.id, messageId: message.id },
    ]);
    expect(codeOf(await sayIn(theirs, body.id))).toBe("cannot_message");
    expect(await accept(bob, body.id)).toMatchObject({ status: 200, body: { me: { state: "active", canSend: true } } });
    expect(await live.nextEvent("conversation_changed", ({ waitsForAcceptance }) => !waitsForAcceptance)).toMatchObject({
      me: { canSend: true },
    });
    for (const one of [live, theirs]) expect(codeOf(await sayIn(one, body.id))).toBe("ok");
  });

  it("reveals nothing about the recipient to the sender, before it is accepted and after it is declined", async () => {
    const { body } = await open(ann, bob);
    const live = await line(ann);
    await sayIn(live, body.id);
    const theirs = await line(bob);
    await theirs.command("join_room", { roomId: body.id });
    await theirs.command("typing_start", { roomId: body.id });
    await theirs.command("mark_read", { roomId: body.id, seq: 1 });
    expect(await theirs.nextEvent("read_changed")).toMatchObject({ seq: 1, receivedSeq: 1, unreadCount: 0 });
    expect(await eventsAbout(live, ["user_typing", "read_changed", "presence_changed", "user_joined"], bob)).toEqual([]);
    expect((await view(ann, body.id)).members.find(({ id }) => id === bob.id)).toMatchObject({ status: "offline", lastReadSeq: null });
    // Her own arrival is stored a little later than it is published.
    const statusOf = async (person: Person) => (await view(ann, body.id)).members.find(({ id }) => id === person.id)?.status;
    await expect.poll(() => statusOf(ann), { timeout: 10_000 }).toBe("online");
    const before = await view(ann, body.id);
    const receivedBefore = live.received.length;
    expect((await leave(bob, body.id)).status).toBe(204);
    await theirs.nextEvent("conversation_left", ({ roomId }) => roomId === body.id);
    expect(await eventsAbout({ ...live, received: live.received.slice(receivedBefore) }, ["conversation_changed"], bob)).toEqual([]);
    expect(await view(ann, body.id)).toEqual(before);
    expect(codeOf(await sayIn(live, body.id))).toBe("cannot_message");
    expect((await open(ann, bob)).body.waitsForAcceptance).toBe(true);
    expect(await list(bob, "requested")).toEqual([]);
    expect(await open(bob, ann)).toMatchObject({ body: { id: body.id, me: { state: "active" } } });
    expect(codeOf(await sayIn(live, body.id))).toBe("ok");
  });
});

describe("block", () => {
  it("stops messages, typing, receipts, presence and invitations both ways, on every device; unblocking restores them", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const group = (await openConversation(app, ann, { userIds: [(await makeMember(app.services)).id] })).body.id;
    const live = await line(ann);
    const second = await line(await makeSession(app.services, ann));
    const theirs = await line(bob);
    const said = await sayIn(live, roomId);
    const messageId = said.ok ? said.data.message.id : "";
    expect((await block(bob, ann)).status).toBe(204);
    expect((await block(bob, ann)).status).toBe(204);
    for (const one of [live, second, theirs]) expect(codeOf(await sayIn(one, roomId))).toBe("cannot_message");
    for (const one of [live, theirs]) expect(codeOf(await one.ask("add_reaction", { messageId, emoji: "👍" }))).toBe("cannot_message");
    expect(codeOf(await live.ask("edit_message", { messageId, text: "hello again" }))).toBe("cannot_message");
    expect(await lastSeqOf(database.pool, roomId)).toBe(1);
    for (const one of [live, second, theirs]) await one.nextEvent("conversation_changed", ({ id, me }) => id === roomId && !me.canSend);
    const before = [live.received.length, theirs.received.length];
    for (const one of [live, theirs]) {
      await one.command("typing_start", { roomId });
      await one.command("mark_read", { roomId, seq: 1 });
    }
    const eventNames = ["user_typing", "presence_changed", "read_changed"];
    expect(await eventsAbout({ ...live, received: live.received.slice(before[0]) }, eventNames, bob)).toEqual([]);
    expect(await eventsAbout({ ...theirs, received: theirs.received.slice(before[1]) }, eventNames, ann)).toEqual([]);
    expect((await view(ann, roomId)).members.find(({ id }) => id === bob.id)).toMatchObject({ status: "offline", lastReadSeq: null });
    for (const [one, other] of [
      [ann, bob],
      [bob, ann],
    ] as const)
      expect(await open(one, other)).toMatchObject({ status: 403, body: { code: "cannot_message" } });
    const adding = await restOf(app, ann).post(`/api/conversations/${group}/members`, { userIds: [bob.id] });
    expect(adding).toMatchObject({ status: 403, body: { code: "cannot_message" } });
    const { body } = await restOf(app, bob).get<{ items: BlockDto[] }>("/api/users/me/blocks");
    expect(body.items.map(({ user }) => user.id)).toEqual([ann.id]);
    expect((await restOf(app, ann).get<{ items: BlockDto[] }>("/api/users/me/blocks")).body.items).toEqual([]);
    expect((await unblock(bob, ann)).status).toBe(204);
    for (const one of [second, theirs]) expect(codeOf(await sayIn(one, roomId))).toBe("ok");
    expect(codeOf(await theirs.ask("add_reaction", { messageId, emoji: "👍" }))).toBe("ok");
    expect(await live.nextEvent("messages_changed", ({ toSeq }) => toSeq === 4)).toMatchObject({ messages: [{ id: messageId }] });
  });

  it("removes a request, and suppresses mentions by the blocked user in rooms", async () => {
    const { body } = await open(ann, bob);
    const live = await line(ann);
    await sayIn(live, body.id);
    await block(bob, ann);
    expect(await list(bob, "requested")).toEqual([]);
    const roomId = await makeRoom(app.services);
    await live.command("join_room", { roomId });
    await database.db.notification.deleteMany();
    await sayIn(live, roomId, `hello <@${bob.id}>`);
    expect(await database.db.notification.count({ where: { userId: bob.id } })).toBe(0);
    await unblock(bob, ann);
    await sayIn(live, roomId, `hello again <@${bob.id}>`);
    expect(await database.db.notification.count({ where: { userId: bob.id } })).toBe(1);
  });

  it("requires another, existing user", async () => {
    expect((await block(ann, ann)).status).toBe(400);
    expect((await block(ann, { ...bob, id: newId() })).status).toBe(404);
    expect((await unblock(ann, bob)).status).toBe(204);
  });
});
