import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { purgeRejected } from "../../../../../services/moderation/purge-rejected.ts";
import { eraseUser } from "../../../../../services/privacy/erasure/erase-user.ts";
import { DELETED_USER } from "../../../../../utils/contract/deleted-user.ts";
import { limits } from "../../../../../utils/contract/limits.ts";
import type { ConversationDto } from "../../../../../utils/contract/schemas/conversations.ts";
import type { HeldMessageDto, SentMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { newId } from "../../../../../utils/ids.ts";
import { codeOf, letWrite, makeOpenConversation, openConversation, restOf, sayIn, switchboard } from "../../../../support/conversations.ts";
import { expectError } from "../../../../support/expect.ts";
import { issueSanction, lastSeqOf, liftSanction, makeMember, type Person } from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import { caseAbout, decideHeld, readCaseAs, resolve } from "../../../../support/moderation/cases.ts";

const OFFER = "Earn money from home, write to me now";

let eve: Person;
let mod: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeAll(async () => {
  mod = await makeMember(app.services, { role: "moderator" });
});

beforeEach(async () => {
  eve = await makeMember(app.services, { displayName: "Eve" });
});

afterEach(hangUp);

type Stranger = { readonly person: Person; readonly roomId: string };

/** Creates users who accept messages from the author and never wrote back, each with the conversation. */
async function strangers(amount: number, writer = eve): Promise<Stranger[]> {
  const found: Stranger[] = [];
  for (let count = 0; count < amount; count += 1) {
    const person = await makeMember(app.services);
    found.push({ person, roomId: await makeOpenConversation(app, writer, person) });
  }
  return found;
}

const say = async (roomId: string, text = OFFER, clientMessageId: string = newId(), writer = eve) =>
  restOf(app, writer).post<SentMessageDto>(`/api/chatroom/rooms/${roomId}/messages`, { text, clientMessageId });

/** Sends the text to four strangers and a fifth, whose message is pending review. */
async function holdOne(): Promise<Stranger & { held: HeldMessageDto }> {
  const five = await strangers(5);
  const answers: SentMessageDto[] = [];
  for (const { roomId } of five) answers.push((await say(roomId)).body);
  const held = answers.at(-1);
  expect(answers.map(({ moderation }) => moderation)).toEqual(["approved", "approved", "approved", "approved", "pending"]);
  if (held?.seq !== null) throw new Error("nothing is held");
  return { ...(five.at(-1) as Stranger), held };
}

type CasePage = { items: CaseDto[]; nextCursor: string | null };
const listHeld = async (query = "limit=100", person = mod) =>
  (await restOf(app, person).get<CasePage>(`/api/moderation/cases?kind=held&${query}`)).body;
/** Returns the ids of the messages that wait for review, in the order of the list. */
const queue = async (person = mod) => (await listHeld("state=open&limit=100", person)).items.map(({ target }) => target.id);
const decide = (messageId: string, outcome: "approved" | "refused", person = mod) => decideHeld(app, person, messageId, outcome);
const find = async (person: Person) =>
  (await restOf(app, person).get<{ items: { id: string }[] }>("/api/chatroom/search?q=earn+money+from+home")).body.items.map(
    ({ id }) => id,
  );
const heldIn = async (person: Person, roomId: string) => (await (await line(person)).command("join_room", { roomId })).held;
const verdicts = async (rooms: readonly Stranger[], texts: readonly string[]) => {
  const found: string[] = [];
  for (const [place, { roomId }] of rooms.entries()) found.push((await say(roomId, texts[place])).body.moderation);
  return found;
};

describe("same text to strangers", () => {
  it("is pending review from the fifth on: without a number, visible to its author and staff only", async () => {
    const live = await line(eve);
    const { held, person, roomId } = await holdOne();
    expect(held).toMatchObject({ seq: null, changedSeq: null, text: OFFER, author: { id: eve.id }, deletedAt: null });
    expect((await live.nextEvent("message_held")).message).toEqual(held);
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
    expect(await heldIn(eve, roomId)).toEqual([held]);
    expect(await queue()).toContain(held.id);
    expect(await heldIn(person, roomId)).toEqual([]);
    const seen = await restOf(app, person).get<ConversationDto>(`/api/conversations/${roomId}`);
    expect(seen.body).toMatchObject({ unreadCount: 0, lastMessage: null, lastSeq: 0 });
    expect(await find(eve)).not.toContain(held.id);
    for (const one of [person, eve, mod]) expect((await restOf(app, one).get(`/api/chatroom/messages/${held.id}`)).status).toBe(404);
    for (const one of [person, eve]) expectError(await restOf(app, one).get("/api/moderation/cases"), 403, "forbidden");
    const { kind, subject, reasons, reportCount, evidence } = (await readCaseAs(app, mod, (await caseAbout(app, held.id)).id)).body;
    expect({ kind, subject, reasons, reportCount }).toMatchObject({
      kind: "held",
      subject: { id: eve.id },
      reasons: [{ reason: "spam", count: 0 }],
      reportCount: 0,
    });
    expect(evidence).toMatchObject({ message: { id: held.id, text: OFFER }, context: [], conversation: { kind: "direct", roomId } });
  });

  it("is detected despite changed case, spacing, punctuation and lookalikes; a different text is not affected", async () => {
    const texts = [OFFER, OFFER.toUpperCase(), "Еarn money from home,write to me now!", `  ${OFFER}  `, `${OFFER}...`];
    expect(await verdicts(await strangers(5), texts)).toEqual(["approved", "approved", "approved", "approved", "pending"]);
    const others = ["How was the concert?", "I found your keys", "Thank you for Tuesday", "See you at nine", "What is the book called?"];
    eve = await makeMember(app.services);
    expect(await verdicts(await strangers(5), others)).toEqual(Array(5).fill("approved"));
  });

  it("does not count users who wrote back, or messages from the day before", async () => {
    const five = await strangers(5);
    await say(five[0]?.roomId ?? "");
    await say(five[0]?.roomId ?? "", "hello", newId(), five[0]?.person);
    expect(await verdicts(five.slice(1), [])).toEqual(Array(4).fill("approved"));
    expect((await say(five[0]?.roomId ?? "")).body.moderation).toBe("approved");
    eve = await makeMember(app.services);
    const { roomId } = await holdOne();
    expect((await say(roomId)).body.moderation).toBe("pending");
    await database.pool.query("UPDATE stranger_texts SET created_at = created_at - interval '25 hours' WHERE author_id = $1", [eve.id]);
    expect((await say(roomId)).body.moderation).toBe("approved");
  });

  it("is rejected as an edit of a different message", async () => {
    const five = await strangers(5);
    for (const { roomId } of five.slice(0, 4)) await say(roomId);
    const { id } = (await say(five[4]?.roomId ?? "", "How was the concert?")).body;
    const edit = (text: string) => restOf(app, eve).call("PATCH", `/api/chatroom/messages/${id}`, { json: { text } });
    expectError(await edit(OFFER), 422, "blocked_by_rule");
    expect((await edit("How was the play?")).status).toBe(200);
  });

  it("is limited to four for concurrent messages", async () => {
    const live = await line(eve);
    const five = await strangers(5);
    const answers = await Promise.all(five.map(({ roomId }) => sayIn(live, roomId, OFFER)));
    const states = answers.map((answer) => (answer.ok ? answer.data.message.moderation : answer.error.code));
    expect(states.sort()).toEqual(["approved", "approved", "approved", "approved", "pending"]);
  });

  it("is allowed for bots and staff", async () => {
    for (const greeter of [await makeMember(app.services, { kind: "bot" }), await makeMember(app.services, { role: "moderator" })]) {
      eve = greeter;
      expect(await verdicts(await strangers(5), [])).toEqual(Array(5).fill("approved"));
    }
  });
});

describe("pending message", () => {
  it("is returned on a retry, and its idempotency key is taken", async () => {
    const { held, roomId } = await holdOne();
    expect((await say(roomId, OFFER, held.clientMessageId)).body).toEqual(held);
    expect((await say(roomId, "something else", held.clientMessageId)).body).toMatchObject({ code: "idempotency_conflict" });
    expect(await database.db.message.count({ where: { authorId: eve.id, clientMessageId: held.clientMessageId } })).toBe(1);
  });

  it("gets the next number of its room once approved, and is published and found like any other, despite concurrent decisions", async () => {
    const { held, person, roomId } = await holdOne();
    await restOf(app, person).call("DELETE", `/api/conversations/${roomId}`);
    await openConversation(app, person, { userId: eve.id });
    const theirs = await line(person);
    expect((await say(roomId, "are you there?")).body).toMatchObject({ seq: 1 });
    const seen = await caseAbout(app, held.id);
    const answers = await Promise.all([1, 2].map(() => resolve(app, mod, seen, { outcome: "approved" })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(answers.find(({ status }) => status === 200)?.body).toMatchObject({ state: "resolved", kind: "held", outcome: "approved" });
    const event = await theirs.nextEvent("messages_changed", ({ toSeq }) => toSeq === 2);
    expect(event).toMatchObject({ roomId, fromSeq: 1, messages: [{ id: held.id, seq: 2, changedSeq: 2, moderation: "approved" }] });
    expect(await heldIn(eve, roomId)).toEqual([]);
    await expect.poll(() => find(person), { timeout: 10_000 }).toContain(held.id);
    for (const outcome of ["approved", "refused"] as const) expectError(await resolve(app, mod, seen, { outcome }), 409, "case_changed");
    expect(await queue()).not.toContain(held.id);
    expect(await database.db.auditEntry.findMany({ where: { subjectId: held.id } })).toMatchObject([
      { action: "message_approved", subjectType: "message", actorId: mod.id },
    ]);
  });

  it("is visible only to its author once rejected, and deleted after 30 days", async () => {
    const live = await line(eve);
    const { held, person, roomId } = await holdOne();
    expect((await decide(held.id, "refused")).body).toMatchObject({ state: "resolved", outcome: "refused" });
    const rejection = await live.nextEvent("message_held", ({ message }) => message.moderation === "removed");
    expect(rejection.message).toEqual({ ...held, moderation: "removed" });
    expect(await heldIn(eve, roomId)).toEqual([rejection.message]);
    expect(await heldIn(person, roomId)).toEqual([]);
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
    expect(await purgeRejected(app.services, { before: limits.deletedTextMs, limit: 100 })).toBe(0);
    await database.pool.query("UPDATE messages SET created_at = created_at - interval '31 days' WHERE id = $1", [held.id]);
    expect(await purgeRejected(app.services, { before: limits.deletedTextMs, limit: 100 })).toBe(1);
    expect(await heldIn(eve, roomId)).toEqual([]);
  });

  it("cannot be approved if the recipient has since blocked its author", async () => {
    const { held, person, roomId } = await holdOne();
    await restOf(app, person).call("PUT", `/api/users/me/blocks/${eve.id}`);
    expect(await decide(held.id, "approved")).toMatchObject({ status: 403, body: { code: "cannot_message" } });
    expect(await lastSeqOf(database.pool, roomId)).toBe(0);
    expect(await queue()).toContain(held.id);
  });

  it("is the one message of a request, and creates the request once approved", async () => {
    const four = await strangers(4);
    const shy = await makeMember(app.services);
    await letWrite(app, shy, "contacts");
    const { id: roomId } = (await openConversation(app, eve, { userId: shy.id })).body;
    for (const { roomId: other } of four) await say(other);
    let held = (await say(roomId)).body;
    expect(held).toMatchObject({ seq: null, moderation: "pending" });
    expect((await say(roomId, "hello?")).body).toMatchObject({ code: "cannot_message" });
    await decide(held.id, "refused");
    held = (await say(roomId)).body;
    expect(held).toMatchObject({ seq: null, moderation: "pending" });
    const requests = () => database.db.notification.findMany({ where: { userId: shy.id } });
    expect(await requests()).toEqual([]);
    const theirs = await line(shy);
    await decide(held.id, "approved");
    expect(await requests()).toMatchObject([{ kind: "message_request", actorId: eve.id, messageId: held.id }]);
    expect(await theirs.nextEvent("notification_created")).toMatchObject({ kind: "message_request", messageId: held.id });
    expect(codeOf(await sayIn(await line(eve), roomId))).toBe("cannot_message");
  });

  it("is listed in a paginated queue, oldest first", async () => {
    const first = await holdOne();
    eve = await makeMember(app.services);
    const second = await holdOne();
    const all = await queue();
    expect(all.indexOf(first.held.id)).toBeGreaterThanOrEqual(0);
    expect(all.indexOf(first.held.id)).toBeLessThan(all.indexOf(second.held.id));
    const page = await listHeld(`state=open&limit=${all.length - 1}`);
    const rest = await listHeld(`state=open&cursor=${page.nextCursor}`);
    expect([...page.items, ...rest.items].map(({ target }) => target.id)).toEqual(all);
    expect(rest.nextCursor).toBeNull();
  });

  it("is approved or refused, but neither dismissed nor actioned", async () => {
    const { held } = await holdOne();
    const seen = await caseAbout(app, held.id);
    for (const outcome of ["dismissed", "actioned"] as const) expectError(await resolve(app, mod, seen, { outcome }), 400, "invalid_input");
    expect((await resolve(app, mod, seen, { outcome: "refused" })).status).toBe(200);
  });

  it("cannot be approved while its author is muted, and can be refused together with an action", async () => {
    const { held } = await holdOne();
    const mute = await issueSanction(app.services, eve.id, { kind: "mute", until: new Date(Date.now() + 3_600_000) });
    expectError(await decide(held.id, "approved"), 403, "cannot_message");
    await liftSanction(app.services, mute);
    const seen = await caseAbout(app, held.id);
    const answer = await resolve(app, mod, seen, { outcome: "refused", actions: [{ kind: "warn", userId: eve.id, rule: "spam" }] });
    expect(answer).toMatchObject({ status: 200, body: { outcome: "refused", actions: [{ kind: "warn", target: { id: eve.id } }] } });
  });

  it("can be refused, but not approved, after its author was erased", async () => {
    const { held } = await holdOne();
    await eraseUser(app.services, { userId: eve.id, displayName: DELETED_USER, messages: "keep" });
    expectError(await decide(held.id, "approved"), 404, "not_found");
    expect((await decide(held.id, "refused")).status).toBe(200);
  });
});
