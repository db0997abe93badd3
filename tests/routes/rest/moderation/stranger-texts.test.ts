import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import purgeStrangerTexts from "../../../../jobs/purge-stranger-texts.ts";
import { inTransaction } from "../../../../prisma/transaction.ts";
import { openMessageCase } from "../../../../services/automod/open-case.ts";
import type { SentMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { newId } from "../../../../utils/ids.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { letWrite, makeOpenConversation, openConversation, restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeMember, type Person } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { decideHeld } from "../../../support/moderation/cases.ts";

const OFFER = "Earn money from home, write to me now";

let app: App;
/** A second node on the same database. */
let other: App;
let eve: Person;

const database = await databaseForFile();

beforeAll(async () => {
  [app, other] = await Promise.all([bootApp({ database: database.url }), bootApp({ database: database.url })]);
});

beforeEach(async () => {
  eve = await makeMember(app.services, { displayName: "Eve" });
});

afterAll(async () => {
  await Promise.all([app.close(), other.close()]);
});

/** Opens direct conversations of Eve with users who never wrote to her. */
async function strangers(amount: number): Promise<string[]> {
  const rooms: string[] = [];
  for (let count = 0; count < amount; count += 1) rooms.push(await makeOpenConversation(app, eve, await makeMember(app.services)));
  return rooms;
}

/** Opens a group that Eve started with users who accept messages from everyone. */
async function group(people: readonly Person[], founder = eve): Promise<string> {
  for (const person of people) await letWrite(app, person, "everyone");
  return (await openConversation(app, founder, { userIds: people.map(({ id }) => id) })).body.id;
}

const newPeople = (amount: number) => Promise.all(Array.from({ length: amount }, () => makeMember(app.services)));

const say = async (roomId: string, text: string, { at = app, person = eve } = {}) =>
  (await restOf(at, person).post<SentMessageDto>(`/api/chatroom/rooms/${roomId}/messages`, { text, clientMessageId: newId() })).body;
const edit = (id: string, text: string, at = app) => restOf(at, eve).call("PATCH", `/api/chatroom/messages/${id}`, { json: { text } });
const remove = (id: string) => restOf(app, eve).call("DELETE", `/api/chatroom/messages/${id}`);

/** Sends each text to a new stranger. @returns how many were delivered immediately */
async function delivered(texts: readonly string[]): Promise<number> {
  const rooms = await strangers(texts.length);
  let count = 0;
  for (const [place, roomId] of rooms.entries()) if ((await say(roomId, texts[place] ?? "")).moderation === "approved") count += 1;
  return count;
}

const seven = (vary: (place: number) => string): string[] => Array.from({ length: 7 }, (_, place) => vary(place));
const words = OFFER.split(" ");
const rotated = (place: number): string => [...words.slice(place), ...words.slice(0, place)].join(" ");
const leet = ["Earn", "3arn", "E4rn", "Earn", "E@rn", "3@rn", "34rn"];
const greetings = ["Hi!", "Hello there,", "Good morning Sam,", "Dear friend:", "Hey", "Good evening,", "Howdy partner,"];
const changed = ["money", "cash", "euros", "coins", "gold", "income", "dollars"];

describe("text to users who never wrote back", () => {
  it.each<[string, string[]]>([
    ["the text itself", seven(() => OFFER)],
    ["a trailing number", seven((place) => `${OFFER} ${place * 7919}`)],
    ["a greeting before it", seven((place) => `${greetings[place]} ${OFFER}`)],
    ["digits for letters", seven((place) => OFFER.replace("Earn", leet[place] ?? "").replace("money", place % 2 ? "m0n3y" : "money"))],
    ["one combining mark", seven((place) => `${OFFER.slice(0, place + 1)}\u0301${OFFER.slice(place + 1)}`)],
    ["doubled letters", seven((place) => OFFER.replace(words[place] ?? "", (word) => `${word}${word.at(-1)}`))],
    ["another order of its words", seven(rotated)],
    ["a direction override and a number", seven((place) => `\u202e${OFFER}\u202c ${place}`)],
    [
      "letters turned round by a direction override",
      seven((place) => (place % 2 ? `\u202e${[...OFFER].reverse().join("")}\u202c` : OFFER)),
    ],
    ["one other word", seven((place) => OFFER.replace("money", changed[place] ?? ""))],
    ["zero-width characters", seven((place) => `${OFFER.slice(0, place + 1)}\u200b${OFFER.slice(place + 1)}`)],
    ["letters of other alphabets", seven((place) => (place % 2 ? OFFER.replaceAll("o", "о").replaceAll("a", "а") : OFFER))],
    ["spaces between its letters", seven((place) => (place % 2 ? [...OFFER].join(" ") : OFFER))],
    ["pictures in it", seven((place) => `${OFFER} ${["😀", "🎉", "❤", "👍", "🌍", "🔥", "✨"][place]}`)],
    ["a long beginning that nobody sees", seven((place) => `${"\u200b".repeat(600 + place)}${OFFER}`)],
  ])("is pending review from the fifth on if each message contains %s", async (_, texts) => {
    expect(await delivered(texts)).toBe(4);
  });

  it("counts sent messages, even if each is deleted or changed by an edit", async () => {
    for (const undo of [remove, (id: string) => edit(id, `Something else ${newId()}`)]) {
      eve = await makeMember(app.services);
      const states: string[] = [];
      for (const roomId of await strangers(6)) {
        const message = await say(roomId, OFFER);
        states.push(message.moderation);
        if (message.seq !== null) expect((await undo(message.id)).status).toBe(200);
      }
      expect(states).toEqual(["approved", "approved", "approved", "approved", "pending", "pending"]);
    }
  });

  it("counts edits: of ten messages concurrently edited to one text on two nodes, four succeed", async () => {
    const ids: string[] = [];
    for (const roomId of await strangers(10)) ids.push((await say(roomId, `My own words ${newId()}`)).id);
    const answers = await Promise.all(ids.map((id, place) => edit(id, OFFER, place % 2 ? app : other)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
    for (const answer of answers.filter(({ status }) => status !== 200)) expectError(answer, 422, "blocked_by_rule");
  });

  it("is limited to four for concurrent messages on two nodes", async () => {
    const rooms = await strangers(10);
    const sent = await Promise.all(rooms.map((roomId, place) => say(roomId, OFFER, { at: place % 2 ? app : other })));
    expect(sent.filter(({ moderation }) => moderation === "approved")).toHaveLength(4);
    expect(sent.filter(({ moderation }) => moderation === "pending")).toHaveLength(6);
  });

  it("counts the members of groups: five strangers in one group exceed the limit, and so do four plus one elsewhere", async () => {
    expect(await say(await group(await newPeople(5)), OFFER)).toMatchObject({ moderation: "pending" });
    eve = await makeMember(app.services);
    expect(await say(await group(await newPeople(4)), OFFER)).toMatchObject({ moderation: "approved" });
    const [roomId = ""] = await strangers(1);
    expect(await say(roomId, OFFER)).toMatchObject({ moderation: "pending" });
    expect(await say(roomId, "How was the concert?")).toMatchObject({ moderation: "approved" });
  });

  it("does not count group members who wrote to its author anywhere, and no active group", async () => {
    const people = await newPeople(8);
    const roomId = await group(people);
    const first = await say(roomId, "Shall we meet on Friday?");
    expect(first).toMatchObject({ moderation: "pending" });
    const mod = await makeMember(app.services, { role: "moderator" });
    expect((await decideHeld(app, mod, first.id, "approved")).status).toBe(200);
    for (const person of people.slice(0, 3)) expect(await say(roomId, "Yes", { person })).toMatchObject({ moderation: "approved" });
    expect(await say(roomId, "Shall we meet on Friday?")).toMatchObject({ moderation: "approved" });
    const friends = await newPeople(6);
    for (const person of friends) await say(await makeOpenConversation(app, person, eve), "hello Eve", { person });
    expect(await say(await group(friends), "Shall we meet on Sunday?")).toMatchObject({ moderation: "approved" });
  });

  it("does not confuse different short greetings and questions", async () => {
    const short = ["hi", "hello", "hey there", "good morning", "how are you?", "how are you today?", "how do you do?"];
    expect(await delivered(short)).toBe(7);
    eve = await makeMember(app.services);
    expect(await delivered(["hi", "Hi!", "hi", "HI", "hi", "hi", "hi"])).toBe(4);
  });

  it("is pending once in a request, also for concurrent messages; staff cannot approve a second message", async () => {
    for (const roomId of await strangers(4)) await say(roomId, OFFER);
    const shy = await makeMember(app.services);
    await letWrite(app, shy, "contacts");
    const { id: roomId } = (await openConversation(app, eve, { userId: shy.id })).body;
    const sent = await Promise.all(Array.from({ length: 6 }, (_, place) => say(roomId, OFFER, { at: place % 2 ? app : other })));
    const held = sent.filter(({ moderation }) => moderation === "pending");
    expect(held).toHaveLength(1);
    expect(sent.map((one) => (one as { code?: string }).code).filter((code) => code === "cannot_message")).toHaveLength(5);
    // A second one could only have been created before the rule existed; it must not be approved either.
    const extra = newId();
    await database.pool.query(
      "INSERT INTO messages (id, room_id, author_id, client_message_id, text, moderation) VALUES ($1, $2, $3, $4, 'more', 'pending')",
      [extra, roomId, eve.id, newId()],
    );
    const mod = await makeMember(app.services, { role: "moderator" });
    await database.pool.query("UPDATE messages SET moderation = 'removed' WHERE id = $1", [extra]);
    expect((await decideHeld(app, mod, held[0]?.id ?? "", "approved")).status).toBe(200);
    await database.pool.query("UPDATE messages SET moderation = 'pending' WHERE id = $1", [extra]);
    await inTransaction(database.pool, (tx) => openMessageCase(tx, { kind: "held", messageId: extra, reason: "spam" }));
    expectError(await decideHeld(app, mod, extra, "approved"), 403, "cannot_message");
  });

  it("is recorded without plain text, for 48 hours", async () => {
    await delivered([OFFER]);
    const rows = () => database.db.strangerText.findMany({ where: { authorId: eve.id } });
    expect(JSON.stringify(await rows(), (_key, value) => (typeof value === "bigint" ? String(value) : value))).not.toMatch(/money|earn/i);
    await database.pool.query("UPDATE stranger_texts SET created_at = now() - interval '47 hours' WHERE author_id = $1", [eve.id]);
    await purgeStrangerTexts.run(app.services);
    expect(await rows()).toHaveLength(1);
    await database.pool.query("UPDATE stranger_texts SET created_at = now() - interval '49 hours' WHERE author_id = $1", [eve.id]);
    expect(await purgeStrangerTexts.run(app.services)).toBeGreaterThan(0);
    expect(await rows()).toEqual([]);
  });

  it("keeps a bounded record of what one user sends to one conversation", async () => {
    const [roomId = ""] = await strangers(1);
    for (let count = 0; count < 55; count += 1) await say(roomId, `Message number ${newId()}`);
    expect(await database.db.strangerText.count({ where: { authorId: eve.id } })).toBe(50);
  });
});
