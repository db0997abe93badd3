import { setTimeout as pause } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import purgeDeclines from "../../../../jobs/purge-declines.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import {
  codeOf,
  letWrite,
  makeOpenConversation,
  openConversation,
  placed,
  restOf,
  sayIn,
  switchboard,
} from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeMember, type Person } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";

let app: App;
let other: App;
let ann: Person;
let bob: Person;
/** Only contacts may write to her without a request. */
let cleo: Person;
const { line, hangUp } = switchboard(() => app);
const elsewhere = switchboard(() => other);

const database = await databaseForFile();

beforeAll(async () => {
  [app, other] = await Promise.all([bootApp({ database: database.url }), bootApp({ database: database.url })]);
});

beforeEach(async () => {
  [ann, bob, cleo] = (await Promise.all(["Ann", "Bob", "Cleo"].map((displayName) => makeMember(app.services, { displayName })))) as [
    Person,
    Person,
    Person,
  ];
  await letWrite(app, bob, "everyone");
  await letWrite(app, cleo, "contacts");
});

afterEach(() => {
  hangUp();
  elsewhere.hangUp();
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
});

const at = (roomId: string) => `/api/conversations/${roomId}`;
const view = (person: Person, roomId: string) => restOf(app, person).get<ConversationDto>(at(roomId));
const requests = async (person: Person) =>
  (await restOf(app, person).get<{ items: ConversationDto[] }>("/api/conversations?state=requested")).body.items;
const add = (person: Person, roomId: string, who: Person) =>
  restOf(app, person).post<ConversationDto>(`${at(roomId)}/members`, { userIds: [who.id] });
const accept = (person: Person, roomId: string) => restOf(app, person).post<ConversationDto>(`${at(roomId)}/accept`);
const leave = (person: Person, roomId: string) => restOf(app, person).call("DELETE", at(roomId));
const block = (person: Person, who: Person) => restOf(app, person).call("PUT", `/api/users/me/blocks/${who.id}`);
const group = async (name = "Trees") => (await openConversation(app, ann, { userIds: [bob.id, cleo.id], name })).body.id;

describe("user with a pending group invitation", () => {
  it("sees the invitation's name, inviter and members, but no messages", async () => {
    const roomId = await group();
    const live = await line(ann);
    await sayIn(live, roomId, "a secret of the group");
    const { status, body } = await view(cleo, roomId);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      name: "Trees",
      invitedBy: { id: ann.id, displayName: "Ann" },
      lastMessage: null,
      lastSeq: 0,
      unreadCount: 0,
    });
    expect(body.members.map(({ displayName, state }) => [displayName, state]).sort()).toEqual([
      ["Ann", "active"],
      ["Bob", "active"],
      ["Cleo", "requested"],
    ]);
    expect(await requests(cleo)).toEqual([body]);
    expect((await view(bob, roomId)).body.invitedBy).toBeNull();
  });

  it("receives no events of the group on any node, and cannot read its history", async () => {
    const [live, his] = await Promise.all([line(ann), line(bob)]);
    const hers = [await line(cleo), await elsewhere.line(cleo)];
    const roomId = await group();
    for (const one of hers) await one.nextEvent("conversation_changed", ({ id }) => id === roomId);
    // An invitation counts as new for a while: events published on one node may still reach the other.
    await pause(3 * limits.gatherMs);
    const before = hers.map(({ received }) => received.length);
    const { message } = (await live.command("send_message", { roomId, clientMessageId: newId(), text: `hello <@${cleo.id}>` })) as {
      message: { id: string };
    };
    await his.nextEvent("messages_changed", (batch) => batch.roomId === roomId);
    await live.command("edit_message", { messageId: message.id, text: `hello again <@${cleo.id}>` });
    await his.command("add_reaction", { messageId: message.id, emoji: "👍" });
    await his.command("typing_start", { roomId });
    await his.command("mark_read", { roomId, seq: 3 });
    await restOf(app, ann).call("PATCH", at(roomId), { json: { name: "Old trees" } });
    await live.nextEvent("read_changed", (read) => read.roomId === roomId && read.userId === bob.id);
    await live.nextEvent("user_typing", (typing) => typing.roomId === roomId);
    await live.nextEvent("conversation_changed", ({ id, name }) => id === roomId && name === "Old trees");
    // Longer than the other node needs to detect the change.
    await pause(3_000);
    const newEvents = hers.map(({ received: all }, place) => all.slice(before[place]).map(({ name }) => name));
    expect(newEvents).toEqual([[], []]);
    expect(await database.db.notification.count({ where: { userId: cleo.id } })).toBe(0);
    const [first] = hers;
    if (first === undefined) throw new Error("no line");
    const asked = await Promise.all([
      first.ask("join_room", { roomId }),
      first.ask("sync_room", { roomId, afterSeq: 0 }),
      first.ask("mark_read", { roomId, seq: 1 }),
      first.ask("typing_start", { roomId }),
      first.ask("add_reaction", { messageId: message.id, emoji: "👍" }),
      sayIn(first, roomId),
    ]);
    expect(asked.map(codeOf)).toEqual(Array(6).fill("not_found"));
    for (const path of [`/api/chatroom/rooms/${roomId}`, `/api/chatroom/rooms/${roomId}/messages`, `/api/chatroom/messages/${message.id}`])
      expect((await restOf(app, cleo).get(path)).status).toBe(404);
    const found = async (query: string) => restOf(app, cleo).get<{ items?: { id: string }[] }>(`/api/chatroom/search?q=hello${query}`);
    await expect
      .poll(async () => (await restOf(app, bob).get<{ items: object[] }>("/api/chatroom/search?q=hello")).body.items.length, {
        timeout: 10_000,
      })
      .toBe(1);
    expect((await found("")).body.items).toEqual([]);
    expect((await found(`&roomId=${roomId}`)).status).toBe(404);
    expect((await first.command("heartbeat", { status: "online" })).heads).toEqual({});
    expect((await restOf(app, cleo).get<{ items: object[] }>("/api/chatroom/unread")).body.items).toEqual([]);
  });

  it("receives and reads everything after accepting", async () => {
    const roomId = await group();
    const live = await line(ann);
    const hers = await line(cleo);
    await sayIn(live, roomId, "before");
    expect(await accept(cleo, roomId)).toMatchObject({
      status: 200,
      body: { me: { state: "active", canSend: true }, lastSeq: 1, invitedBy: null },
    });
    expect((await hers.command("join_room", { roomId })).messages).toHaveLength(1);
    await sayIn(live, roomId, "after");
    expect(await hers.nextEvent("messages_changed", ({ toSeq }) => toSeq === 2)).toMatchObject({ roomId });
  });
});

describe("declining a group invitation", () => {
  it("lasts for 30 days: the user cannot be added to the group, and the inviter cannot invite them to another", async () => {
    const roomId = await group();
    const live = await line(ann);
    expect((await leave(cleo, roomId)).status).toBe(204);
    await live.nextEvent("conversation_changed", ({ id, members }) => id === roomId && members.length === 2);
    const hers = await line(cleo);
    for (const person of [ann, bob]) expectError(await add(person, roomId, cleo), 403, "cannot_message");
    expectError(await openConversation(app, ann, { userIds: [cleo.id, bob.id] }), 403, "cannot_message");
    await pause(3 * limits.gatherMs);
    expect(hers.received).toEqual([]);
    expect(await requests(cleo)).toEqual([]);
    expect((await openConversation(app, bob, { userIds: [cleo.id] })).status).toBe(201);
    await database.pool.query("UPDATE declined_invitations SET declined_at = now() - interval '29 days' WHERE user_id = $1", [cleo.id]);
    await purgeDeclines.run(app.services);
    expectError(await add(ann, roomId, cleo), 403, "cannot_message");
    await database.pool.query("UPDATE declined_invitations SET declined_at = now() - interval '31 days' WHERE user_id = $1", [cleo.id]);
    expect((await add(ann, roomId, cleo)).status).toBe(200);
    expect(await purgeDeclines.run(app.services)).toBe(1);
    expect((await requests(cleo)).map(({ id }) => id)).toContain(roomId);
  });

  it("also applies if the invitation was withdrawn: it cannot be sent repeatedly", async () => {
    const roomId = await group();
    const hers = await line(cleo);
    const remove = (who: Person) => restOf(app, ann).call("DELETE", `${at(roomId)}/members/${who.id}`);
    expect((await remove(cleo)).status).toBe(204);
    await hers.nextEvent("conversation_left", (left) => left.roomId === roomId);
    expectError(await add(ann, roomId, cleo), 403, "cannot_message");
    expect((await remove(cleo)).status).toBe(404);
    // Another group may still invite her, and a former member is added again immediately.
    expect((await openConversation(app, ann, { userIds: [cleo.id] })).status).toBe(201);
    expect((await remove(bob)).status).toBe(204);
    expect((await add(ann, roomId, bob)).status).toBe(200);
  });

  it("is not recorded on leaving: a member who left can be added again", async () => {
    const roomId = await group();
    await leave(bob, roomId);
    expect((await add(ann, roomId, bob)).body.members.map(({ id }) => id)).toContain(bob.id);
  });

  it("is included in a block: it declines every group invitation by the blocked user", async () => {
    const rooms = [await group("One"), await group("Two")];
    const fromBob = (await openConversation(app, bob, { userIds: [cleo.id] })).body.id;
    const hers = await line(cleo);
    expect((await block(cleo, ann)).status).toBe(204);
    for (const roomId of rooms) await hers.nextEvent("conversation_left", (left) => left.roomId === roomId);
    expect((await requests(cleo)).map(({ id }) => id)).toEqual([fromBob]);
    for (const roomId of rooms) expectError(await add(bob, roomId, cleo), 403, "cannot_message");
  });
});

describe("declining a direct request", () => {
  /** Returns a conversation as a user sees it, without online states, which change independently. */
  async function shown(person: Person, roomId: string) {
    const { onlineCount: _count, members, ...rest } = (await view(person, roomId)).body;
    return { ...rest, members: members.map(({ status: _status, ...member }) => member) };
  }

  it.each(["before", "after"])(
    "is permanent for a user whose id sorts %s: reopening creates no request, and does not reveal the decline",
    async (side) => {
      // Ids are ordered by time.
      if (side === "before") ann = await makeMember(app.services);
      else cleo = await makeMember(app.services);
      await letWrite(app, cleo, "contacts");
      const { body } = await openConversation(app, ann, { userId: cleo.id });
      const live = await line(ann);
      placed((await live.command("send_message", { roomId: body.id, clientMessageId: newId(), text: "hello?" })).message);
      const before = await shown(ann, body.id);
      await leave(cleo, body.id);
      const again = await openConversation(app, ann, { userId: cleo.id });
      expect(again).toMatchObject({ status: 201, body: { id: body.id, waitsForAcceptance: true, me: { canSend: false } } });
      expect(await shown(ann, body.id)).toEqual(before);
      expect(codeOf(await sayIn(live, body.id))).toBe("cannot_message");
      expect(await requests(cleo)).toEqual([]);
    },
  );
});

describe("pending request", () => {
  it("contains one message that cannot be edited, reacted to or pinned; its author may delete it", async () => {
    const { body } = await openConversation(app, ann, { userId: cleo.id });
    const live = await line(ann);
    const hers = await line(cleo);
    const sent = placed((await live.command("send_message", { roomId: body.id, clientMessageId: newId(), text: "hello?" })).message);
    const messageId = sent.id;
    expect(await hers.nextEvent("messages_changed")).toMatchObject({ messages: [{ id: messageId, text: "hello?" }] });
    const answers = [
      await live.ask("edit_message", { messageId, text: "something else" }),
      ...(await Promise.all([live, hers].map((one) => one.ask("add_reaction", { messageId, emoji: "👍" })))),
    ];
    expect(answers.map(codeOf)).toEqual(Array(3).fill("cannot_message"));
    for (const person of [ann, cleo])
      expectError(await restOf(app, person).call("PUT", `/api/chatroom/messages/${messageId}/pin`), 403, "cannot_message");
    expect(codeOf(await live.ask("delete_message", { messageId }))).toBe("ok");
    expect(codeOf(await sayIn(live, body.id, "another one"))).toBe("cannot_message");
    expect((await view(ann, body.id)).body).toMatchObject({ waitsForAcceptance: true, me: { canSend: false } });
    await accept(cleo, body.id);
    const { message } = await live.command("send_message", { roomId: body.id, clientMessageId: newId(), text: "thank you" });
    expect(codeOf(await live.ask("edit_message", { messageId: message.id, text: "thank you!" }))).toBe("ok");
    expect(codeOf(await hers.ask("add_reaction", { messageId: message.id, emoji: "👍" }))).toBe("ok");
  });
});

describe("reply to a message in another conversation", () => {
  it("does not reveal whether an unreadable message exists", async () => {
    const eve = await makeMember(app.services);
    const hidden = await makeOpenConversation(app, ann, bob);
    const hers = await makeOpenConversation(app, eve, bob);
    const { message } = await (await line(ann)).command("send_message", { roomId: hidden, clientMessageId: newId(), text: "private" });
    const answer = (person: Person, roomId: string, replyToId: string) =>
      restOf(app, person).post(`/api/chatroom/rooms/${roomId}/messages`, { text: "well", clientMessageId: newId(), replyToId });
    const of = await answer(eve, hers, message.id);
    const nothing = await answer(eve, hers, newId());
    const shape = ({ status, body }: { status: number; body: unknown }) => ({ status, body: { ...(body as object), requestId: "" } });
    expect(shape(of)).toEqual(shape(nothing));
    expect(of.status).toBe(404);
    expectError(await answer(bob, hers, message.id), 422, "reply_other_room");
  });
});
