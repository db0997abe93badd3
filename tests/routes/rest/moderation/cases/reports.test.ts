import { beforeEach, describe, expect, it } from "vitest";
import { type ReportDto, reportReason } from "../../../../../utils/contract/schemas/moderation/reports.ts";
import { newId } from "../../../../../utils/ids.ts";
import { letWrite, makeOpenConversation, openConversation, restOf } from "../../../../support/conversations.ts";
import { expectError } from "../../../../support/expect.ts";
import { issueSanction, makeConversation, makeGuest, makeMember, makeRoom, type Person } from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import { caseAbout, messageBy, readCaseAs, report, reportMessage, resolveAbout } from "../../../../support/moderation/cases.ts";

const { app, database } = await appForFile();

let ann: Person;
let eve: Person;
let mod: Person;
let roomId: string;

beforeEach(async () => {
  ann = await makeMember(app.services, { displayName: "Ann" });
  eve = await makeMember(app.services, { displayName: "Eve" });
  mod = await makeMember(app.services, { role: "moderator" });
  roomId = await makeRoom(app.services);
});

const own = async (person: Person) =>
  (await restOf(app, person).get<{ items: ReportDto[]; nextCursor: string | null }>("/api/moderation/reports")).body;
const open = (targetId: string) => database.db.moderationCase.findMany({ where: { targetId } });

describe("reporting a message", () => {
  it("creates a report with the number of its case, and opens one case for all reporters", async () => {
    const id = await messageBy(app, eve, roomId, "Buy followers");
    const first = await reportMessage(app, ann, id, { reason: "spam", text: "  everywhere  " });
    expect(first.status).toBe(201);
    expect(first.headers.location).toBe(`/api/moderation/reports/${first.body.id}`);
    expect(first.body).toMatchObject({
      target: { kind: "message", id },
      reason: "spam",
      text: "everywhere",
      state: "received",
      outcome: null,
      closedAt: null,
    });
    const guest = await makeGuest(app.services);
    const second = await reportMessage(app, guest, id, { reason: "harassment" });
    expect(second).toMatchObject({ status: 201, body: { number: first.body.number, reason: "harassment", text: null } });
    expect(await open(id)).toMatchObject([
      { number: first.body.number, subjectId: eve.id, version: 2, score: 30, roomId, languageCode: "en" },
    ]);
  });

  it("returns the first report with status 200 when the same user reports it again, also after it was deleted or decided", async () => {
    const id = await messageBy(app, eve, roomId);
    const first = await reportMessage(app, ann, id);
    const again = async () =>
      expect(await reportMessage(app, ann, id, { reason: "scam" })).toMatchObject({ status: 200, body: { ...first.body } });
    await again();
    expect(await open(id)).toMatchObject([{ version: 1, score: 10 }]);
    expect((await restOf(app, eve).call("DELETE", `/api/chatroom/messages/${id}`)).status).toBe(200);
    await again();
    await resolveAbout(app, mod, id, { outcome: "dismissed" });
    const closed = await reportMessage(app, ann, id);
    expect(closed).toMatchObject({
      status: 200,
      body: { id: first.body.id, number: first.body.number, state: "closed", outcome: "no_action" },
    });
    expect(await database.db.report.count({ where: { reporterId: ann.id } })).toBe(1);
  });

  it("joins concurrent reports of several users in one case, and concurrent repeats of one user in one report", async () => {
    const id = await messageBy(app, eve, roomId);
    const people = await Promise.all(Array.from({ length: 5 }, () => makeMember(app.services)));
    const answers = await Promise.all([...people, ...people].map((person) => reportMessage(app, person, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...Array(5).fill(200), ...Array(5).fill(201)]);
    expect(new Set(answers.map(({ body }) => body.number)).size).toBe(1);
    expect(await open(id)).toMatchObject([{ score: 50, version: 5 }]);
  });

  it("returns 404 to a guest for a message of a lounge that guests may not enter; a member can report it", async () => {
    const id = await messageBy(app, eve, await makeRoom(app.services, { accessLevel: "registered" }));
    expectError(await reportMessage(app, await makeGuest(app.services), id), 404, "not_found");
    expect(await open(id)).toEqual([]);
    expect((await reportMessage(app, ann, id)).status).toBe(201);
  });

  it("returns 404 for a message that is deleted, waits for review or does not exist; it can be reported once it is approved", async () => {
    const deleted = await messageBy(app, eve, roomId);
    expect((await restOf(app, eve).call("DELETE", `/api/chatroom/messages/${deleted}`)).status).toBe(200);
    const held = await messageBy(app, eve, roomId);
    await database.pool.query("UPDATE messages SET seq = NULL, changed_seq = NULL, moderation = 'pending' WHERE id = $1", [held]);
    for (const id of [deleted, held, newId()]) {
      expectError(await reportMessage(app, ann, id), 404, "not_found");
      expect(await open(id)).toEqual([]);
    }
    await database.pool.query("UPDATE messages SET seq = 9999, changed_seq = 9999, moderation = 'approved' WHERE id = $1", [held]);
    expect((await reportMessage(app, ann, held)).status).toBe(201);
  });

  it("returns 404 for a message of a conversation to everyone but its members", async () => {
    const talk = await makeConversation(app.services, [ann, eve]);
    const id = await messageBy(app, eve, talk);
    expectError(await reportMessage(app, await makeMember(app.services), id), 404, "not_found");
    expectError(await reportMessage(app, mod, id), 404, "not_found");
    expect((await reportMessage(app, ann, id)).status).toBe(201);
  });

  it("rejects the reason other without a text, and one's own message", async () => {
    const id = await messageBy(app, eve, roomId);
    for (const text of [undefined, "   "])
      expectError(await reportMessage(app, ann, id, { reason: "other", ...(text !== undefined && { text }) }), 400, "invalid_input");
    expect((await reportMessage(app, ann, id, { reason: "other", text: "Rude" })).status).toBe(201);
    expectError(await reportMessage(app, eve, id), 422, "report_self");
  });

  it("is possible while muted, but not while banned", async () => {
    const id = await messageBy(app, eve, roomId);
    await issueSanction(app.services, ann.id, { kind: "mute", until: new Date(Date.now() + 3_600_000) });
    app.services.sessions.invalidate(ann.sessionId);
    expect((await reportMessage(app, ann, id)).status).toBe(201);
    await issueSanction(app.services, ann.id, { kind: "ban" });
    app.services.sessions.invalidate(ann.sessionId);
    expectError(await reportMessage(app, ann, await messageBy(app, eve, roomId)), 403, "banned");
  });
});

describe("reporting a user", () => {
  it("copies the profile, and returns 404 for an unknown user and 422 for oneself", async () => {
    await database.db.user.update({ where: { id: eve.id }, data: { bio: "I sell things", pronouns: "she" } });
    expect((await report(app, ann, { target: { kind: "user", id: eve.id }, reason: "impersonation" })).status).toBe(201);
    await database.db.user.update({ where: { id: eve.id }, data: { bio: null, displayName: "Someone else" } });
    const { id } = await caseAbout(app, eve.id);
    expect((await readCaseAs(app, mod, id)).body).toMatchObject({
      target: { kind: "user", id: eve.id },
      subject: { id: eve.id, displayName: "Someone else" },
      roomId: null,
      loungeId: null,
      evidence: {
        message: null,
        context: [],
        conversation: null,
        profile: { user: { displayName: "Eve" }, bio: "I sell things", pronouns: "she" },
      },
    });
    expectError(await report(app, ann, { target: { kind: "user", id: newId() } }), 404, "not_found");
    expectError(await report(app, ann, { target: { kind: "user", id: ann.id } }), 422, "report_self");
  });

  it("opens a new case when the earlier one is closed", async () => {
    const target = { kind: "user", id: eve.id } as const;
    const first = await report(app, ann, { target });
    expect(await report(app, ann, { target })).toMatchObject({ status: 200 });
    await resolveAbout(app, mod, eve.id, { outcome: "dismissed" });
    const second = await report(app, ann, { target });
    expect(second.status).toBe(201);
    expect(second.body.number).not.toBe(first.body.number);
  });
});

describe("reporting a conversation", () => {
  it("copies its members and latest messages; the subject of a direct conversation is the other person", async () => {
    const talk = await makeOpenConversation(app, eve, ann);
    for (let count = 1; count <= 12; count += 1) await messageBy(app, eve, talk, `message ${count}`);
    expect((await report(app, ann, { target: { kind: "conversation", id: talk }, reason: "harassment" })).status).toBe(201);
    const found = await caseAbout(app, talk);
    expect(found).toMatchObject({ subjectId: eve.id, roomId: talk, loungeId: null });
    const { evidence } = (await readCaseAs(app, mod, found.id)).body;
    expect(evidence.message).toBeNull();
    expect(evidence.context.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, index) => `message ${index + 3}`));
    expect(evidence.conversation).toMatchObject({ roomId: talk, kind: "direct" });
    expect(evidence.conversation?.members.map(({ id }) => id).sort()).toEqual([ann.id, eve.id].sort());
  });

  it("copies no messages for a user who is only invited to a group", async () => {
    const shy = await makeMember(app.services);
    await letWrite(app, shy, "contacts");
    await letWrite(app, ann, "everyone");
    const group = (await openConversation(app, eve, { userIds: [shy.id, ann.id] })).body.id;
    await messageBy(app, eve, group, "secret plans");
    expect((await report(app, shy, { target: { kind: "conversation", id: group } })).status).toBe(201);
    const { id } = await caseAbout(app, group);
    expect((await readCaseAs(app, mod, id)).body).toMatchObject({
      subject: { id: eve.id },
      evidence: { context: [], conversation: { kind: "group" } },
    });
  });

  it("returns 404 to non-members and for language rooms, and 422 to the owner of a group", async () => {
    const talk = await makeConversation(app.services, [ann, eve], { ownerId: eve.id });
    expectError(await report(app, mod, { target: { kind: "conversation", id: talk } }), 404, "not_found");
    expectError(await report(app, ann, { target: { kind: "conversation", id: roomId } }), 404, "not_found");
    expectError(await report(app, eve, { target: { kind: "conversation", id: talk } }), 422, "report_self");
    expect((await report(app, ann, { target: { kind: "conversation", id: talk } })).status).toBe(201);
  });
});

it("reporting an item: returns 404, because there are none yet", async () => {
  expectError(await report(app, ann, { target: { kind: "item", id: newId() } }), 404, "not_found");
});

describe("own reports", () => {
  it("are listed newest first with their state and the category of the outcome", async () => {
    const messages = [await messageBy(app, eve, roomId), await messageBy(app, eve, roomId), await messageBy(app, eve, roomId)];
    for (const id of messages) await reportMessage(app, ann, id);
    const [waiting = "", claimed = "", decided = ""] = messages;
    const { id, version } = await caseAbout(app, claimed);
    await restOf(app, mod).post(`/api/moderation/cases/${id}/claim`, { version });
    await resolveAbout(app, mod, decided, { outcome: "actioned", actions: [{ kind: "delete_message", messageId: decided, rule: "spam" }] });
    const { items } = await own(ann);
    expect(items.map(({ target, state, outcome }) => [target.id, state, outcome])).toEqual([
      [decided, "closed", "action_taken"],
      [claimed, "under_review", null],
      [waiting, "received", null],
    ]);
    expect(items[0]?.closedAt).not.toBeNull();
    expect(await own(eve)).toEqual({ items: [], nextCursor: null });
  });

  it("are returned in pages without gaps", async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift((await reportMessage(app, ann, await messageBy(app, eve, roomId))).body.id);
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page: string = `/api/moderation/reports?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`;
      const { body } = await restOf(app, ann).get<{ items: ReportDto[]; nextCursor: string | null }>(page);
      found.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }
    expect(found).toEqual(ids);
    expectError(await restOf(app, ann).get("/api/moderation/reports?cursor=x"), 400, "invalid_input");
  });
});

it("every reason of a report is accepted", async () => {
  for (const reason of reportReason.options)
    expect(
      (await reportMessage(app, await makeMember(app.services), await messageBy(app, eve, roomId), { reason, text: "why" })).status,
    ).toBe(201);
});
