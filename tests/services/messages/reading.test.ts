import { beforeAll, describe, expect, it } from "vitest";
import { tombstoneMessagesOf } from "../../../services/messages/changes/bulk-delete.ts";
import { listMessages } from "../../../services/messages/list.ts";
import { readChanges } from "../../../services/messages/queries.ts";
import { syncRoom } from "../../../services/messages/sync/sync.ts";
import type { ListMessagesInput } from "../../../utils/contract/schemas/messages.ts";
import { tombstone } from "../../../utils/contract/schemas/messages.ts";
import { ctxOf } from "../../support/ctx.ts";
import { draftFor, lastSeqOf, makeConversation, makeGuest, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

let ann: Person;
let bob: Person;
let eve: Person;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeGuest(app.services);
  bob = await makeGuest(app.services);
  eve = await makeGuest(app.services);
});

/** Creates a room with the given number of messages, alternating between ann and bob. */
async function filledRoom(length: number): Promise<string> {
  const roomId = await makeRoom(app.services);
  await Promise.all(Array.from({ length }, (_, place) => app.services.messageWriter.write(draftFor(roomId, place % 2 === 0 ? ann : bob))));
  return roomId;
}

const page = async (input: ListMessagesInput, who = ann) => {
  const { items, nextCursor } = await listMessages(ctxOf(app.services, who), input);
  return { seqs: items.map((message) => message.seq), nextCursor };
};

const sync = (roomId: string, afterSeq: number, limit?: number) =>
  syncRoom(ctxOf(app.services, ann), { roomId, afterSeq, ...(limit !== undefined && { limit }) });

describe("listing the messages of a room", () => {
  it("returns each message once, newest first, page by page", async () => {
    const roomId = await filledRoom(25);
    const seen: number[] = [];
    let cursor: string | null = null;
    do {
      const next: { seqs: number[]; nextCursor: string | null } = await page({ roomId, limit: 10, ...(cursor !== null && { cursor }) });
      seen.push(...next.seqs);
      cursor = next.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 25 }, (_, place) => 25 - place));
  });

  it.each<[string, Omit<ListMessagesInput, "roomId">, number[], string | null]>([
    ["before a number", { before: 5, limit: 3 }, [4, 3, 2], "b2"],
    ["before the first", { before: 1 }, [], null],
    ["before 0", { before: 0 }, [], null],
    ["after a number", { after: 5, limit: 3 }, [8, 7, 6], "a8"],
    ["after the newest", { after: 12 }, [], null],
    ["after everything possible", { after: Number.MAX_SAFE_INTEGER }, [], null],
    ["around a number", { around: 6, limit: 5 }, [8, 7, 6, 5, 4], "b4"],
    ["around the first", { around: 1, limit: 4 }, [3, 2, 1], null],
    ["around what does not exist yet", { around: 900, limit: 4 }, [12, 11], "b11"],
    ["by a cursor towards the newer", { cursor: "a9", limit: 2 }, [11, 10], "a11"],
    ["exactly as many as there are", { limit: 12 }, [12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], null],
  ])("returns messages %s", async (_, place, seqs, nextCursor) => {
    const roomId = await filledRoom(12);
    expect(await page({ roomId, ...place })).toEqual({ seqs, nextCursor });
  });

  it("returns 50 messages a page by default, and none of other rooms", async () => {
    const [roomId] = [await filledRoom(60), await filledRoom(5)];
    expect((await page({ roomId })).seqs).toEqual(Array.from({ length: 50 }, (_, place) => 60 - place));
  });

  it("omits deleted and pending messages, and still fills the page", async () => {
    const roomId = await filledRoom(20);
    await tombstoneMessagesOf(app.services, { authorId: bob.id, roomId });
    await database.pool.query(
      "INSERT INTO messages (id, room_id, author_id, client_message_id, text, moderation) VALUES (gen_random_uuid(), $1, $2, gen_random_uuid(), 'held', 'pending')",
      [roomId, ann.id],
    );
    expect(await page({ roomId, limit: 5 })).toEqual({ seqs: [19, 17, 15, 13, 11], nextCursor: "b11" });
  });

  it("rejects non-members of a conversation with not_found, and serves its members", async () => {
    const roomId = await makeConversation(app.services, [ann, bob]);
    await app.services.messageWriter.write(draftFor(roomId, ann));
    await expect(page({ roomId }, eve)).rejects.toMatchObject({ code: "not_found" });
    await expect(syncRoom(ctxOf(app.services, eve), { roomId, afterSeq: 0 })).rejects.toMatchObject({ code: "not_found" });
    expect((await page({ roomId }, bob)).seqs).toEqual([1]);
  });
});

describe("listing the changes after a sequence number", () => {
  it("returns them oldest first, in pages without gaps", async () => {
    const roomId = await filledRoom(30);
    const first = await sync(roomId, 0, 20);
    expect(first).toMatchObject({ lastSeq: 20, hasMore: true });
    const second = await sync(roomId, first.lastSeq, 20);
    expect(second).toMatchObject({ lastSeq: 30, hasMore: false });
    expect([...first.messages, ...second.messages].map((message) => message.changedSeq)).toEqual(
      Array.from({ length: 30 }, (_, place) => place + 1),
    );
    expect(await sync(roomId, 30)).toEqual({ messages: [], lastSeq: 30, hasMore: false });
    expect(await sync(roomId, 4_000)).toMatchObject({ messages: [] });
  });

  it("returns each deleted message as a tombstone", async () => {
    const roomId = await filledRoom(6);
    expect(await tombstoneMessagesOf(app.services, { authorId: bob.id, roomId })).toBe(3);
    const { messages, lastSeq } = await sync(roomId, 6);
    expect(lastSeq).toBe(9);
    expect(messages.map(({ seq, changedSeq }) => [seq, changedSeq])).toEqual([
      [2, 7],
      [4, 8],
      [6, 9],
    ]);
    for (const message of messages) expect(tombstone.strict().safeParse(message).success).toBe(true);
    expect((await storedMessages(database.pool, roomId)).filter((row) => row.deleted_at !== null).map((row) => row.text)).toEqual([
      "",
      "",
      "",
    ]);
  });

  it("equals the current state when applied to an older one", async () => {
    const roomId = await filledRoom(10);
    const held = new Map((await sync(roomId, 0)).messages.map((message) => [message.id, message]));
    await tombstoneMessagesOf(app.services, { authorId: ann.id, roomId });
    await app.services.messageWriter.write(draftFor(roomId, bob));
    for (const message of (await sync(roomId, 10)).messages) held.set(message.id, message);
    const fresh = await readChanges(app.services.pool, { roomId, afterSeq: 0, limit: 1_000 });
    expect([...held.values()].sort((a, b) => a.changedSeq - b.changedSeq)).toEqual(fresh.messages);
  });
});

describe("deleting all messages of an author in a room", () => {
  it("leaves no gap, numbers each change once, and does not block concurrent messages", async () => {
    const roomId = await filledRoom(900);
    const [gone, ...sent] = await Promise.all([
      tombstoneMessagesOf(app.services, { authorId: ann.id, roomId }),
      ...Array.from({ length: 100 }, () => app.services.messageWriter.write(draftFor(roomId, bob))),
    ]);
    expect(gone).toBe(450);
    expect(new Set(sent.map((message) => message.seq)).size).toBe(100);
    const { messages } = await sync(roomId, 900, 1_000);
    expect(messages.map((message) => message.changedSeq)).toEqual(Array.from({ length: 550 }, (_, place) => 901 + place));
    expect(await lastSeqOf(database.pool, roomId)).toBe(1_450);
    expect(await tombstoneMessagesOf(app.services, { authorId: ann.id, roomId })).toBe(0);
  });

  it("rejects a repeat of a deleted message with idempotency_conflict", async () => {
    const roomId = await makeRoom(app.services);
    const draft = draftFor(roomId, ann);
    await app.services.messageWriter.write(draft);
    await tombstoneMessagesOf(app.services, { authorId: ann.id, roomId });
    await expect(app.services.messageWriter.write(draft)).rejects.toMatchObject({ code: "idempotency_conflict" });
    expect(await lastSeqOf(database.pool, roomId)).toBe(2);
  });
});
