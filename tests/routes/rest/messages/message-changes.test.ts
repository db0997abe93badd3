import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { purgeDeletedTexts } from "../../../../services/messages/changes/versions.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { LiveMessageDto, MessageDto, MessageVersionDto } from "../../../../utils/contract/schemas/messages.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import type { Answer, Rest } from "../../../support/client.ts";
import { restOf as restAt } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { issueSanction, liftSanction, makeGuest, makeMember, makeRoom, type Person, textFor } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { createReader, type Reader } from "../../../support/sockets/reader.ts";
import { connect, type Live } from "../../../support/sockets/sockets.ts";

let [ann, ben, mod]: Person[] = [];
let roomId: string;
/** Ben's client, which stays in the room for the whole test, and its socket. */
let reader: Reader;
let live: Live;

const { app, database } = await appForFile();

beforeAll(async () => {
  [ann, ben, mod] = [
    await makeMember(app.services, { displayName: "Ann" }),
    await makeMember(app.services, { displayName: "Ben" }),
    await makeMember(app.services, { role: "moderator" }),
  ];
});

beforeEach(async () => {
  live?.close();
  roomId = await makeRoom(app.services);
  reader = createReader(app.url, person(ben).token, roomId);
  await reader.join();
  live = reader.live();
});

afterAll(async () => {
  live.close();
});

function person(who: Person | undefined): Person {
  if (who === undefined) throw new Error("nobody yet");
  return who;
}

const restOf = (who: Person | undefined): Rest => restAt(app, person(who));

async function say(who: Person | undefined, over: Parameters<typeof textFor>[1] = {}): Promise<LiveMessageDto> {
  const answer = await restOf(who).post<LiveMessageDto>(`/api/chatroom/rooms/${over.roomId ?? roomId}/messages`, {
    ...textFor(roomId, over),
    roomId: undefined,
  });
  expect(answer.status, answer.text).toBe(201);
  return answer.body;
}

const path = (messageId: string, rest = ""): string => `/api/chatroom/messages/${messageId}${rest}`;
const edit = (who: Person | undefined, messageId: string, text: string) =>
  restOf(who).call<LiveMessageDto>("PATCH", path(messageId), { json: { text } });
const remove = (who: Person | undefined, messageId: string) => restOf(who).call("DELETE", path(messageId));
const react = (who: Person | undefined, messageId: string, emoji: string, method = "PUT") =>
  restOf(who).call<LiveMessageDto>(method, path(messageId, `/reactions/${encodeURIComponent(emoji)}`));
const versions = (who: Person | undefined, messageId: string) => restOf(who).get<Page<MessageVersionDto>>(path(messageId, "/history"));

/** Backdates a message by this many milliseconds. */
const age = (messageId: string, ms: number) =>
  database.pool.query("UPDATE messages SET created_at = created_at - make_interval(secs => $2) WHERE id = $1", [messageId, ms / 1_000]);

/** Waits for an event with a matching state of a message. */
const eventFor = (messageId: string, passes: (message: MessageDto) => boolean) =>
  live.nextEvent("messages_changed", ({ messages }) => messages.some((one) => one.id === messageId && passes(one)));

/**
 * Checks that a newly joining client gets the same room as a client that was connected all along, and that no batch violated the
 * contract.
 */
async function expectAllEqual(): Promise<void> {
  const { messages, lastSeq } = await live.command("sync_room", { roomId, afterSeq: 0 });
  await reader.reach(lastSeq);
  expect(reader.faults).toEqual([]);
  expect([...reader.list()].sort((a, b) => a.changedSeq - b.changedSeq)).toEqual(messages);
}

describe("editing a message", () => {
  it("takes the next number, is published to the room, and keeps the old text for author and staff", async () => {
    const message = await say(ann, { text: "The ferry is late once more" });
    await age(message.id, limits.editGraceMs + 1_000);
    const { status, body } = await edit(ann, message.id, "The ferry is on time for once");
    expect([status, body]).toMatchObject([200, { id: message.id, seq: 1, changedSeq: 2, text: "The ferry is on time for once" }]);
    expect(body.editedAt).not.toBeNull();
    expect(await eventFor(message.id, ({ changedSeq }) => changedSeq === 2)).toMatchObject({ fromSeq: 1, toSeq: 2 });
    for (const who of [ann, mod]) {
      const { items } = (await versions(who, message.id)).body;
      expect(items.map(({ text, replacedAt }) => [text, replacedAt === null])).toEqual([
        ["The ferry is on time for once", true],
        ["The ferry is late once more", false],
      ]);
    }
    expectError(await versions(ben, message.id), 403, "forbidden");
    await expectAllEqual();
  });

  it("within half a minute by a few characters is not marked as edited; the same text takes no number", async () => {
    const message = await say(ann, { text: "Good morming" });
    expect((await edit(ann, message.id, "Good morning")).body).toMatchObject({ changedSeq: 2, editedAt: null });
    expect((await edit(ann, message.id, "Good morning")).body).toMatchObject({ changedSeq: 2 });
    expect((await edit(ann, message.id, "Good evening to all of you")).body.editedAt).not.toBeNull();
  });

  it("requires the author, within 15 minutes and with permission to write; a rejected edit changes nothing", async () => {
    const message = await say(ann, { text: "as it was" });
    expectError(await edit(ben, message.id, "as Ben wants it"), 403, "forbidden");
    expectError(await edit(mod, message.id, "as staff wants it"), 403, "forbidden");
    expectError(await edit(ann, message.id, " \u200b "), 422, "text_empty");
    expectError(await edit(ann, message.id, "x".repeat(4_001)), 422, "text_too_long");
    expectError(await edit(ann, newId(), "nothing there"), 404, "not_found");
    const mute = await issueSanction(app.services, person(ann).id, { kind: "mute" });
    app.services.sessions.invalidate(person(ann).sessionId);
    expectError(await edit(ann, message.id, "muted"), 403, "muted");
    await liftSanction(app.services, mute);
    app.services.sessions.invalidate(person(ann).sessionId);
    expect((await restOf(ann).get(path(message.id))).body).toEqual(message);
    await age(message.id, limits.editWindowMs + 1_000);
    expectError(await edit(ann, message.id, "too late"), 403, "edit_window_closed");
  });

  it("does not turn a retry of the original into another message", async () => {
    const input = textFor(roomId, { text: "sent once" });
    const annLive = await connect(app.url, person(ann).token);
    const { message } = await annLive.command("send_message", input);
    const { message: edited } = await annLive.command("edit_message", { messageId: message.id, text: "sent once, and edited" });
    expect((await annLive.command("send_message", input)).message).toEqual(edited);
    expect(await annLive.ask("send_message", { ...input, text: "sent once, and edited" })).toMatchObject({
      error: { code: "idempotency_conflict" },
    });
    annLive.close();
  });
});

describe("deleting a message", () => {
  it("leaves only a tombstone: no text, no reactions, no pin, no mentions", async () => {
    const message = await say(ann, { text: `hello @${person(ben).actor.username}` });
    await react(ben, message.id, "👍");
    expect((await remove(ann, message.id)).body).toEqual({
      id: message.id,
      roomId,
      seq: 1,
      changedSeq: 3,
      deletedAt: expect.any(String),
    });
    await eventFor(message.id, ({ deletedAt }) => deletedAt !== null);
    expect((await restOf(ben).get<Page<unknown>>(`/api/chatroom/rooms/${roomId}/messages`)).body.items).toEqual([]);
    expect((await restOf(ben).get<Page<{ messageId: string }>>("/api/notifications")).body.items.map((one) => one.messageId)).not.toContain(
      message.id,
    );
    for (const call of [remove(ann, message.id), react(ben, message.id, "👍"), versions(ann, message.id)])
      expectError(await call, 404, "not_found");
    await expectAllEqual();
  });

  it("is possible for the author and the staff, who may read the text for 30 days", async () => {
    const message = await say(ann, { text: "something unkind" });
    expectError(await remove(ben, message.id), 403, "forbidden");
    expect((await remove(mod, message.id)).status).toBe(200);
    expect((await versions(mod, message.id)).body.items).toMatchObject([{ text: "something unkind", isDeleted: true }]);
    await database.pool.query("UPDATE message_versions SET replaced_at = replaced_at - make_interval(secs => $2) WHERE message_id = $1", [
      message.id,
      limits.deletedTextMs / 1_000 + 60,
    ]);
    await purgeDeletedTexts(app.services, { before: limits.deletedTextMs, limit: 100 });
    expect((await versions(mod, message.id)).body.items).toEqual([]);
  });
});

describe("reaction", () => {
  it("is counted once per user and emoji, and removed only for the user who removes it", async () => {
    const message = await say(ann);
    for (const who of [ann, ben, ben]) await react(who, message.id, "👍");
    expect((await react(ben, message.id, "❤")).body.reactions).toEqual([
      { emoji: "👍", count: 2, userIds: [person(ann).id, person(ben).id] },
      { emoji: "❤️", count: 1, userIds: [person(ben).id] },
    ]);
    await react(ben, message.id, "❤️", "DELETE");
    const { body } = await react(ben, message.id, "❤️", "DELETE");
    expect(body.reactions.map(({ emoji }) => emoji)).toEqual(["👍"]);
    expect(body.changedSeq).toBe(5);
    await expectAllEqual();
  });

  it("by twenty users concurrently counts each", async () => {
    const message = await say(ann);
    const people = await Promise.all(Array.from({ length: 20 }, () => makeGuest(app.services)));
    await Promise.all(people.map((who) => react(who, message.id, "🎉")));
    const { body } = await restOf(ann).get<LiveMessageDto>(path(message.id));
    expect([body.changedSeq, body.reactions[0]?.count, body.reactions[0]?.userIds.length]).toEqual([21, 20, 20]);
    await expectAllEqual();
  });

  it.each(["a", "ok", "👍👍", "", "<b>", "\u0301".repeat(50), "🇩", "👍\u202E", "%E0"])("%j is rejected", async (emoji) => {
    const message = await say(ann);
    const answer = await live.ask("add_reaction", { messageId: message.id, emoji });
    expect(answer).toMatchObject({ ok: false, error: { code: "emoji_invalid" } });
  });

  it("of a twenty-first kind is rejected", async () => {
    const message = await say(ann);
    const kinds = Array.from({ length: 21 }, (_, n) => String.fromCodePoint(0x1f600 + n));
    const answers: Answer<LiveMessageDto>[] = [];
    for (const emoji of kinds) answers.push(await react(ann, message.id, emoji));
    expectError(answers.at(-1) as Answer, 422, "reactions_full");
    expect((await restOf(ann).get<LiveMessageDto>(path(message.id))).body.reactions).toHaveLength(20);
  });
});

describe("reply", () => {
  it("shows the beginning of its parent in the current version", async () => {
    const asked = await say(ann, { text: "Where is the lighthouse?" });
    const reply = await say(ben, { text: "Behind the harbour.", replyToId: asked.id });
    const replyTo = { id: asked.id, seq: 1, authorName: "Ann", excerpt: "Where is the lighthouse?" };
    expect(reply.replyTo).toEqual(replyTo);
    await edit(ann, asked.id, "Where is the old lighthouse?");
    expect((await restOf(ann).get<LiveMessageDto>(path(reply.id))).body).toMatchObject({
      changedSeq: reply.changedSeq,
      editedAt: null,
      replyTo: { ...replyTo, excerpt: "Where is the old lighthouse?" },
    });
    await remove(ann, asked.id);
    expect((await restOf(ann).get<LiveMessageDto>(path(reply.id))).body.replyTo).toEqual({ ...replyTo, authorName: null, excerpt: null });
    await expectAllEqual();
  });

  it("takes no number when its parent changes: an edit or a deletion of a parent with many replies is one change", async () => {
    const parent = await say(ann, { text: "Who was there?" });
    for (let n = 0; n < 30; n += 1) await say(ben, { replyToId: parent.id });
    const { lastSeq } = await live.command("sync_room", { roomId, afterSeq: 0 });
    await edit(ann, parent.id, "Who was there yesterday?");
    await remove(ann, parent.id);
    const changes = await live.command("sync_room", { roomId, afterSeq: lastSeq });
    expect(changes).toMatchObject({ lastSeq: lastSeq + 2, messages: [{ id: parent.id, changedSeq: lastSeq + 2 }] });
    await expectAllEqual();
  });

  it("to another room, to a deleted message or to an unknown id is rejected; a retry of a sent one is not", async () => {
    const there = await makeRoom(app.services);
    const elsewhere = await say(ann, { roomId: there });
    const gone = await say(ann);
    const input = textFor(roomId, { replyToId: gone.id });
    const { message } = await live.command("send_message", input);
    await remove(ann, gone.id);
    expect(await live.ask("send_message", textFor(roomId, { replyToId: elsewhere.id }))).toMatchObject({
      error: { code: "reply_other_room" },
    });
    for (const replyToId of [gone.id, newId()])
      expect(await live.ask("send_message", textFor(roomId, { replyToId }))).toMatchObject({ error: { code: "not_found" } });
    expect((await live.command("send_message", input)).message).toMatchObject({
      id: message.id,
      replyTo: { authorName: null, excerpt: null },
    });
  });
});

describe("pin", () => {
  it("can be set once by staff in a language room, and is listed newest first", async () => {
    const first = await say(ann);
    const second = await say(ann);
    expectError(await restOf(ann).call("PUT", path(first.id, "/pin")), 403, "forbidden");
    for (const { id } of [first, second, first]) await restOf(mod).call("PUT", path(id, "/pin"));
    const pins = async () => (await restOf(ben).get<Page<LiveMessageDto>>(`/api/chatroom/rooms/${roomId}/pins?limit=1`)).body;
    const page = await pins();
    const next = (await restOf(ben).get<Page<LiveMessageDto>>(`/api/chatroom/rooms/${roomId}/pins?limit=1&cursor=${page.nextCursor}`)).body;
    expect([...page.items, ...next.items].map(({ id }) => id).sort()).toEqual([first.id, second.id].sort());
    expect(next.nextCursor).toBeNull();
    expectError(await restOf(ben).get(`/api/chatroom/rooms/${roomId}/pins?cursor=x`), 400, "invalid_input");
    for (const { id } of [first, second]) await restOf(mod).call("DELETE", path(id, "/pin"));
    expect((await pins()).items).toEqual([]);
    await expectAllEqual();
  });
});

describe("many concurrent changes", () => {
  it("are each numbered and published in one order: every batch stays within its range, and every list matches the database", async () => {
    const message = await say(ann, { text: "the one all change" });
    const work = Array.from({ length: 30 }, (_, n) => [
      () => say(ben, { replyToId: message.id }),
      () => edit(ann, message.id, `the one all change, ${n}`),
      () => react(n % 2 === 0 ? ann : ben, message.id, String.fromCodePoint(0x1f600 + (n % 5))),
    ]).flat();
    await Promise.all(work.map((change) => change()));
    await expectAllEqual();
    const { rows } = await database.pool.query<{ lost: string }>(
      "SELECT count(*) - count(DISTINCT changed_seq) AS lost FROM messages WHERE room_id = $1",
      [roomId],
    );
    expect(Number(rows[0]?.lost)).toBe(0);
  });
});
