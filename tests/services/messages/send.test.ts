import { beforeAll, describe, expect, it } from "vitest";
import { sendMessage } from "../../../services/messages/send.ts";
import { newId } from "../../../utils/ids.ts";
import { ctxOf } from "../../support/ctx.ts";
import { lastSeqOf, makeConversation, makeGuest, makeRoom, type Person, storedMessages, textFor } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

let ann: Person;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeGuest(app.services, { displayName: "Ann" });
});

const send = async (who: Person, input: ReturnType<typeof textFor>) => (await sendMessage(ctxOf(app.services, who), input)).message;

describe("sending a message", () => {
  it("stores it as it was returned, with the next sequence number", async () => {
    const roomId = await makeRoom(app.services, { languageCode: "pt-BR" });
    const input = textFor(roomId, { text: "  Olá \u202Eatrás\n<b>👋🏽</b> " });
    const message = await send(ann, input);
    expect(message).toMatchObject({
      roomId,
      seq: 1,
      changedSeq: 1,
      text: input.text,
      languageCode: "pt-BR",
      author: ann.author,
      moderation: "approved",
    });
    expect(await storedMessages(database.pool, roomId)).toMatchObject([{ id: message.id, seq: 1, text: input.text, author_id: ann.id }]);
    expect(await lastSeqOf(database.pool, roomId)).toBe(1);
  });

  it("under a used idempotency key: returns the first message and stores it once", async () => {
    const roomId = await makeRoom(app.services);
    const input = textFor(roomId);
    const first = await send(ann, input);
    const again = await Promise.all([send(ann, input), send(ann, input), send(ann, { ...input })]);
    for (const answer of again) expect(answer).toEqual(first);
    expect(await storedMessages(database.pool, roomId)).toHaveLength(1);
  });

  it("concurrently under one idempotency key: stores one message", async () => {
    const roomId = await makeRoom(app.services);
    const input = textFor(roomId);
    const answers = await Promise.all(Array.from({ length: 50 }, () => send(ann, input)));
    expect(new Set(answers.map((message) => JSON.stringify(message))).size).toBe(1);
    expect(await storedMessages(database.pool, roomId)).toHaveLength(1);
    expect(await lastSeqOf(database.pool, roomId)).toBe(1);
  });

  it("assigns sequence numbers in the order of arrival", async () => {
    const roomId = await makeRoom(app.services);
    const sent = await Promise.all(Array.from({ length: 200 }, () => send(ann, textFor(roomId))));
    expect(sent.map((message) => message.seq)).toEqual(Array.from({ length: 200 }, (_, place) => place + 1));
  });
});

describe("the idempotency key of a message", () => {
  it("with another text: is rejected with idempotency_conflict, and nothing is stored", async () => {
    const roomId = await makeRoom(app.services);
    const input = textFor(roomId);
    await send(ann, input);
    await expect(send(ann, { ...input, text: "something else" })).rejects.toMatchObject({ code: "idempotency_conflict" });
    expect(await storedMessages(database.pool, roomId)).toMatchObject([{ text: input.text }]);
  });

  it("in another room: is rejected with idempotency_conflict", async () => {
    const here = await makeRoom(app.services);
    const there = await makeRoom(app.services);
    const input = textFor(here);
    await send(ann, input);
    await expect(send(ann, { ...input, roomId: there })).rejects.toMatchObject({ code: "idempotency_conflict" });
    expect(await storedMessages(database.pool, there)).toEqual([]);
    expect(await lastSeqOf(database.pool, there)).toBe(0);
  });

  it("with two concurrent texts: is taken by only one", async () => {
    const roomId = await makeRoom(app.services);
    const input = textFor(roomId);
    const outcomes = await Promise.allSettled([send(ann, { ...input, text: "one" }), send(ann, { ...input, text: "two" })]);
    const [stored] = await storedMessages(database.pool, roomId);
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toMatchObject([{ value: { text: stored?.text } }]);
    expect(outcomes.filter(({ status }) => status === "rejected")).toMatchObject([{ reason: { code: "idempotency_conflict" } }]);
  });

  it("is scoped to its author", async () => {
    const roomId = await makeRoom(app.services);
    const input = textFor(roomId);
    const bob = await makeGuest(app.services);
    const first = await send(ann, input);
    const second = await send(bob, input);
    expect(first.id).not.toBe(second.id);
    expect([first.seq, second.seq]).toEqual([1, 2]);
  });
});

describe("the text of a message", () => {
  const skin = "👍🏽";

  it.each([
    ["nothing", undefined],
    ["an empty one", ""],
    ["spaces and line breaks", " \n\t\u00A0\u3000 "],
    ["only invisible characters", "\u200B\u200D\u2060\u3164\uFEFF"],
  ])("is rejected as text_empty: %s", async (_, text) => {
    const roomId = await makeRoom(app.services);
    const { text: __, ...bare } = textFor(roomId);
    await expect(send(ann, text === undefined ? bare : { ...bare, text })).rejects.toMatchObject({ code: "text_empty" });
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
  });

  it.each([
    ["letters", "a"],
    ["emoji with a skin tone, each of which counts as one", skin],
    ["letters with a combining accent", "e\u0301"],
    ["flags", "🇧🇷"],
  ])("may have 4,000 %s, and not one more", async (_, grapheme) => {
    const roomId = await makeRoom(app.services);
    const most = grapheme.repeat(4_000);
    expect(await send(ann, textFor(roomId, { text: most }))).toMatchObject({ text: most });
    await expect(send(ann, textFor(roomId, { text: `${most}${grapheme}` }))).rejects.toMatchObject({
      code: "text_too_long",
      data: { max: 4_000 },
    });
    expect(await lastSeqOf(database.pool, roomId)).toBe(1);
  });
});

describe("sending to a room", () => {
  it("that does not exist: is rejected with not_found", async () => {
    await expect(send(ann, textFor(newId()))).rejects.toMatchObject({ code: "not_found" });
  });

  it("of a conversation: is rejected with not_found for non-members, and accepted for members", async () => {
    const eve = await makeGuest(app.services);
    const roomId = await makeConversation(app.services, [ann]);
    await expect(send(eve, textFor(roomId))).rejects.toMatchObject({ code: "not_found" });
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
    expect(await send(ann, textFor(roomId))).toMatchObject({ seq: 1, languageCode: null });
  });

  it("of an inactive lounge: is rejected with not_found", async () => {
    const closed = await makeRoom(app.services, { isActive: false });
    const open = await makeRoom(app.services);
    await expect(send(ann, textFor(closed))).rejects.toMatchObject({ code: "not_found" });
    expect(await send(ann, textFor(open))).toMatchObject({ seq: 1 });
  });

  it.each([
    ["registered", "room_requires_account"],
    ["phone_verified", "room_requires_account"],
    ["private", "not_found"],
  ] as const)("of a %s lounge: rejects a guest with %s", async (accessLevel, code) => {
    const roomId = await makeRoom(app.services, { accessLevel });
    await expect(send(ann, textFor(roomId))).rejects.toMatchObject({ code });
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
  });
});
