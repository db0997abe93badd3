import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { eraseUser } from "../../../../../services/privacy/erasure/erase-user.ts";
import { DELETED_USER } from "../../../../../utils/contract/deleted-user.ts";
import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { newId } from "../../../../../utils/ids.ts";
import { bootApp } from "../../../../support/app.ts";
import { movableClock } from "../../../../support/clock.ts";
import { restOf, switchboard } from "../../../../support/conversations.ts";
import { expectError } from "../../../../support/expect.ts";
import { makeConversation, makeMember, makeRoom, makeSession, type Person } from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import {
  caseAbout,
  claim,
  messageBy,
  readCaseAs,
  release,
  report,
  reportMessage,
  resolve,
  resolveAbout,
} from "../../../../support/moderation/cases.ts";
import { connect, type Live } from "../../../../support/sockets/sockets.ts";

const MINUTE = 60_000;
const clock = movableClock();
const { app, database } = await appForFile({ now: clock.now });
const { line, hangUp } = switchboard(() => app);

let ann: Person;
let eve: Person;
let mod: Person;
let colleague: Person;
let admin: Person;
let roomId: string;

beforeEach(async () => {
  ann = await makeMember(app.services, { displayName: "Ann" });
  eve = await makeMember(app.services, { displayName: "Eve" });
  mod = await makeMember(app.services, { role: "moderator", displayName: "Mo" });
  colleague = await makeMember(app.services, { role: "moderator" });
  admin = await makeMember(app.services, { role: "admin" });
  roomId = await makeRoom(app.services);
});

afterEach(hangUp);

/** Reports a message of Eve. @returns its case */
async function openCase(over: Parameters<typeof reportMessage>[3] = {}) {
  const messageId = await messageBy(app, eve, roomId);
  await reportMessage(app, ann, messageId, over);
  return caseAbout(app, messageId);
}

type Page = { items: CaseDto[]; nextCursor: string | null };
const list = async (query = "", person = mod) => (await restOf(app, person).get<Page>(`/api/moderation/cases?${query}`)).body;
const inRoom = async (query = "", person = mod) => (await list(`roomId=${roomId}&${query}`, person)).items.map(({ id }) => id);

describe("list of cases", () => {
  it("has unresolved cases before resolved ones, the highest score first, then the oldest", async () => {
    const spam = await openCase();
    const laterSpam = await openCase();
    const child = await openCase({ reason: "underage" });
    const rude = await openCase({ reason: "harassment" });
    const decided = await openCase({ reason: "underage" });
    await resolve(app, mod, await caseAbout(app, decided.targetId), { outcome: "dismissed" });
    const expected = [child, rude, spam, laterSpam, decided].map(({ id }) => id);
    expect(await inRoom()).toEqual(expected);
    const found: string[] = [];
    for (let cursor: string | null = ""; cursor !== null; ) {
      const page: Page = await list(`roomId=${roomId}&limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect(found).toEqual(expected);
    expectError(await restOf(app, mod).get("/api/moderation/cases?cursor=0.1.2"), 400, "invalid_input");
  });

  it("can be filtered by state, kind, reason, room, language and subject", async () => {
    const open = await openCase({ reason: "scam" });
    const claimed = await openCase();
    await claim(app, mod, claimed);
    const resolved = await openCase();
    await resolve(app, mod, resolved, { outcome: "dismissed" });
    expect(await inRoom("state=open")).toEqual([open.id]);
    expect(await inRoom("state=claimed")).toEqual([claimed.id]);
    expect(await inRoom("state=resolved")).toEqual([resolved.id]);
    expect(await inRoom("reason=scam")).toEqual([open.id]);
    expect(await inRoom("kind=held")).toEqual([]);
    expect(await inRoom("kind=report")).toHaveLength(3);
    expect(await inRoom("languageCode=en")).toHaveLength(3);
    expect(await inRoom("languageCode=de")).toEqual([]);
    expect((await list(`subjectId=${eve.id}`)).items).toHaveLength(3);
    expect((await list(`subjectId=${ann.id}`)).items).toEqual([]);
  });

  it("shows a case with its subject, reasons and number of reports", async () => {
    const messageId = await messageBy(app, eve, roomId);
    for (const reason of ["spam", "spam", "harassment"] as const)
      await reportMessage(app, await makeMember(app.services), messageId, { reason });
    const { items } = await list(`roomId=${roomId}`);
    expect(items).toMatchObject([
      {
        kind: "report",
        target: { kind: "message", id: messageId },
        subject: { id: eve.id, displayName: "Eve" },
        roomId,
        languageCode: "en",
        state: "open",
        version: 3,
        score: 40,
        reasons: [
          { reason: "spam", count: 2 },
          { reason: "harassment", count: 1 },
        ],
        reportCount: 3,
        claimedBy: null,
        outcome: null,
      },
    ]);
  });
});

describe("evidence", () => {
  it("keeps the message and the 10 messages before it as they were when the first report arrived", async () => {
    for (let count = 1; count <= 12; count += 1) await messageBy(app, count % 2 === 0 ? eve : ann, roomId, `message ${count}`);
    const messageId = await messageBy(app, eve, roomId, "first words");
    await reportMessage(app, ann, messageId);
    await messageBy(app, ann, roomId, "afterwards");
    expect((await restOf(app, eve).call("PATCH", `/api/chatroom/messages/${messageId}`, { json: { text: "other words" } })).status).toBe(
      200,
    );
    await database.db.user.update({ where: { id: eve.id }, data: { displayName: "Renamed" } });
    await reportMessage(app, await makeMember(app.services), messageId);
    expect((await restOf(app, eve).call("DELETE", `/api/chatroom/messages/${messageId}`)).status).toBe(200);
    const { id } = await caseAbout(app, messageId);
    const { body } = await readCaseAs(app, mod, id);
    expect(body.evidence.message).toMatchObject({
      id: messageId,
      text: "first words",
      author: { id: eve.id, displayName: "Eve" },
      editedAt: null,
      attachments: [],
    });
    expect(body.evidence.context.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, (_, index) => `message ${index + 3}`));
    expect(body.evidence).toMatchObject({ profile: null, item: null, conversation: null });
  });

  it("of a conversation is recorded in the audit log with each reading; that of a language room is not", async () => {
    const talk = await makeConversation(app.services, [ann, eve]);
    await messageBy(app, ann, talk, "please stop");
    const messageId = await messageBy(app, eve, talk, "never");
    await reportMessage(app, ann, messageId, { reason: "harassment" });
    const found = await caseAbout(app, messageId);
    const readings = () => database.db.auditEntry.findMany({ where: { action: "evidence_read", subjectId: found.id } });
    expect(await readings()).toEqual([]);
    const { body } = await readCaseAs(app, mod, found.id);
    expect(body.evidence.context.map(({ text }) => text)).toEqual(["please stop"]);
    expect(body.evidence.conversation).toMatchObject({ kind: "group", roomId: talk });
    expect(await readings()).toMatchObject([{ actorId: mod.id, subjectType: "case" }]);
    expect((await readCaseAs(app, colleague, found.id)).status).toBe(200);
    expect(await readings()).toHaveLength(2);
    const open = await openCase();
    await readCaseAs(app, mod, open.id);
    expect(await database.db.auditEntry.count({ where: { action: "evidence_read", subjectId: open.id } })).toBe(0);
  });
});

describe("details of a case", () => {
  it("contain the reports, the record and actions of the user, and related cases", async () => {
    const earlier = await openCase();
    const action = { kind: "warn", userId: eve.id, rule: "spam", text: "Please stop" } as const;
    await resolve(app, mod, earlier, { outcome: "actioned", actions: [action], note: "First warning" });
    const harmless = await openCase();
    await resolve(app, mod, harmless, { outcome: "dismissed" });
    const now = await openCase({ reason: "harassment", text: "Called me names" });
    const { body } = await readCaseAs(app, mod, now.id);
    expect(body.reports).toMatchObject([{ reporter: { id: ann.id }, reason: "harassment", text: "Called me names" }]);
    expect(body.record).toMatchObject({
      reportsUpheld: 1,
      reportsRejected: 1,
      actions: [{ kind: "warn", caseId: earlier.id, actor: { id: mod.id } }],
    });
    expect(body.actions).toEqual([]);
    expect(body.relatedCases.map(({ id }) => id)).toEqual([harmless.id, earlier.id]);
    const before = (await readCaseAs(app, mod, earlier.id)).body;
    expect(before).toMatchObject({
      state: "resolved",
      outcome: "actioned",
      actions: [{ kind: "warn", target: { id: eve.id }, text: "Please stop" }],
    });
    expectError(await readCaseAs(app, mod, newId()), 404, "not_found");
  });
});

describe("claim", () => {
  it("shows who works on a case for 15 minutes, and increments the version", async () => {
    const open = await openCase();
    const claimed = await claim(app, mod, open);
    expect(claimed).toMatchObject({ status: 200, body: { state: "claimed", version: 2, claimedBy: { id: mod.id } } });
    expect(Date.parse(claimed.body.claimExpiresAt ?? "")).toBeGreaterThan(clock.now().getTime() + 14 * MINUTE);
    expect(await database.db.auditEntry.count({ where: { action: "case_claimed", subjectId: open.id, actorId: mod.id } })).toBe(1);
    const stale = expectError(await claim(app, colleague, open), 409, "case_changed");
    expect(stale.case).toMatchObject({ id: open.id, version: 2, claimedBy: { id: mod.id } });
    const taken = { id: open.id, version: 2 };
    expectError(await claim(app, colleague, taken), 409, "case_changed");
    expectError(await resolve(app, colleague, taken, { outcome: "dismissed" }), 409, "case_changed");
    expect((await claim(app, mod, taken)).body).toMatchObject({ version: 3, claimedBy: { id: mod.id } });
    clock.advance(15 * MINUTE + 1);
    colleague = await makeSession(app.services, colleague);
    const lapsed = { id: open.id, version: 3 };
    expect((await readCaseAs(app, colleague, open.id)).body).toMatchObject({
      state: "open",
      claimedBy: null,
      claimExpiresAt: null,
      version: 3,
    });
    expect((await claim(app, colleague, lapsed)).body).toMatchObject({ claimedBy: { id: colleague.id }, version: 4 });
  });

  it("can be released by its owner only; releasing an unclaimed case changes nothing", async () => {
    const open = await openCase();
    expect(await release(app, mod, open)).toMatchObject({ status: 200, body: { state: "open", version: 1 } });
    const { body } = await claim(app, mod, open);
    expectError(await release(app, colleague, body), 403, "forbidden");
    expectError(await release(app, mod, open), 409, "case_changed");
    expect(await release(app, mod, body)).toMatchObject({ status: 200, body: { state: "open", claimedBy: null, version: 3 } });
    expect((await resolve(app, colleague, { id: open.id, version: 3 }, { outcome: "dismissed" })).status).toBe(200);
  });

  it("goes to one of two moderators who claim concurrently", async () => {
    const open = await openCase();
    const answers = await Promise.all([claim(app, mod, open), claim(app, colleague, open)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

describe("resolving a case", () => {
  it("stores outcome, note and actions together, and rejects every later call with the resolved case", async () => {
    const open = await openCase();
    const actions = [
      { kind: "delete_message", messageId: open.targetId, rule: "spam" },
      { kind: "mute", userId: eve.id, rule: "spam", durationMs: 600_000 },
    ] as const;
    const answer = await resolve(app, mod, open, { outcome: "actioned", note: "Third time", actions: [...actions] });
    expect(answer).toMatchObject({ status: 200, body: { state: "resolved", outcome: "actioned", version: 2, claimedBy: null } });
    expect(answer.body.actions.map(({ kind, caseId }) => [kind, caseId]).sort()).toEqual([
      ["delete_message", open.id],
      ["mute", open.id],
    ]);
    expect((await restOf(app, mod).get(`/api/chatroom/messages/${open.targetId}`)).status).toBe(404);
    expect(await database.db.moderationCase.findUnique({ where: { id: open.id } })).toMatchObject({
      note: "Third time",
      resolvedById: mod.id,
    });
    expect(await database.db.auditEntry.findMany({ where: { action: "case_resolved", subjectId: open.id } })).toMatchObject([
      { actorId: mod.id, data: { outcome: "actioned" } },
    ]);
    for (const late of [
      await resolve(app, colleague, open, { outcome: "dismissed" }),
      await claim(app, colleague, { id: open.id, version: 2 }),
    ])
      expect(expectError(late, 409, "case_changed").case).toMatchObject({ state: "resolved", outcome: "actioned" });
  });

  it("stores nothing if one of the actions is rejected", async () => {
    const open = await openCase();
    const actions = [
      { kind: "warn", userId: eve.id, rule: "spam" },
      { kind: "warn", userId: newId(), rule: "spam" },
    ] as const;
    expectError(await resolve(app, mod, open, { outcome: "actioned", actions: [...actions] }), 404, "not_found");
    expect(await caseAbout(app, open.targetId)).toMatchObject({ version: 1, outcome: null });
    expect(await database.db.moderationAction.count({ where: { userId: eve.id } })).toBe(0);
    expect((await resolve(app, mod, open, { outcome: "actioned", actions: [actions[0]] })).status).toBe(200);
  });

  it("is done by one of two moderators who decide concurrently, whose actions are the only ones", async () => {
    const open = await openCase();
    const action = { kind: "mute", userId: eve.id, rule: "spam", durationMs: 600_000 } as const;
    const decide = (person: Person) => resolve(app, person, open, { outcome: "actioned", actions: [action] });
    const answers = await Promise.all([decide(mod), decide(colleague), decide(admin)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    const winner = [mod, colleague, admin][answers.findIndex(({ status }) => status === 200)];
    expect(await database.db.moderationAction.findMany({ where: { userId: eve.id } })).toMatchObject([{ actorId: winner?.id }]);
  });

  it("is rejected after another report arrived, with the changed case", async () => {
    const open = await openCase();
    await reportMessage(app, await makeMember(app.services), open.targetId, { reason: "harassment" });
    const stale = expectError(await resolve(app, mod, open, { outcome: "dismissed" }), 409, "case_changed");
    expect(stale.case).toMatchObject({ version: 2, reportCount: 2, score: 30 });
    expect((await resolve(app, mod, { id: open.id, version: 2 }, { outcome: "dismissed" })).status).toBe(200);
  });

  it.each([
    ["approved", undefined],
    ["refused", undefined],
    ["dismissed", [{ kind: "warn", rule: "spam" }]],
  ] as const)("of a report rejects the outcome %s with %j", async (outcome, actions) => {
    const open = await openCase();
    const given = actions?.map((action) => ({ ...action, userId: eve.id }));
    expectError(await resolve(app, mod, open, { outcome, ...(given && { actions: given }) }), 400, "invalid_input");
    expect((await resolve(app, mod, open, { outcome: "dismissed" })).status).toBe(200);
  });

  it("is possible for a case about a user who was erased meanwhile", async () => {
    const open = await openCase();
    expect(await eraseUser(app.services, { userId: eve.id, displayName: DELETED_USER, messages: "keep" })).toBe(true);
    expect((await resolve(app, mod, open, { outcome: "dismissed" })).status).toBe(200);
  });

  it("removes a message of a conversation that was reported", async () => {
    const talk = await makeConversation(app.services, [ann, eve]);
    const messageId = await messageBy(app, eve, talk);
    await reportMessage(app, ann, messageId);
    const action = { kind: "delete_message", messageId, rule: "spam" } as const;
    expect((await resolveAbout(app, mod, messageId, { outcome: "actioned", actions: [action] })).status).toBe(200);
    expect((await restOf(app, ann).get(`/api/chatroom/messages/${messageId}`)).status).toBe(404);
  });
});

describe("case_changed", () => {
  /** Opens cases until all of these staff receive them: the list of staff may be a second old. */
  async function awaitStaff(...lives: readonly Live[]) {
    const isKnown = async () => {
      await openCase();
      return lives.every(({ received }) => received.some(({ name }) => name === "case_changed"));
    };
    await expect.poll(isKnown, { timeout: 20_000, interval: 200 }).toBe(true);
  }

  it("is published to the staff who may see the case when it is opened, claimed and resolved, and to nobody else", async () => {
    const [staff, other, reporter, subject] = [await line(mod), await line(admin), await line(ann), await line(eve)];
    await awaitStaff(staff, other);
    const open = await openCase();
    for (const live of [staff, other]) {
      const event = await live.nextEvent("case_changed", (payload) => payload.case.id === open.id);
      expect(event.case).toMatchObject({ state: "open", version: 1, reportCount: 1 });
    }
    await claim(app, mod, open);
    await other.nextEvent("case_changed", (payload) => payload.case.id === open.id && payload.case.state === "claimed");
    await resolve(app, mod, { id: open.id, version: 2 }, { outcome: "dismissed" });
    await other.nextEvent("case_changed", (payload) => payload.case.id === open.id && payload.case.state === "resolved");
    for (const live of [reporter, subject]) {
      await live.command("sync_room", { roomId, afterSeq: 0 });
      expect(live.received.map(({ name }) => name)).not.toContain("case_changed");
    }
  });

  it("of a case about a moderator is published to admins only", async () => {
    const [staff, boss] = [await line(mod), await line(admin)];
    await awaitStaff(staff, boss);
    await report(app, ann, { target: { kind: "user", id: colleague.id } });
    const { id } = await caseAbout(app, colleague.id);
    await boss.nextEvent("case_changed", (payload) => payload.case.id === id);
    const after = await openCase();
    await staff.nextEvent("case_changed", (payload) => payload.case.id === after.id);
    expect(staff.received.some(({ name, payload }) => name === "case_changed" && (payload as { case: CaseDto }).case.id === id)).toBe(
      false,
    );
  });

  it("reaches staff on another node within a second or two, once per version", async () => {
    const other = await bootApp({ database: database.url, now: clock.now });
    try {
      const far = await connect(other.url, mod.token);
      await awaitStaff(far);
      const open = await openCase();
      await far.nextEvent("case_changed", (payload) => payload.case.id === open.id);
      await claim(app, admin, open);
      await far.nextEvent("case_changed", (payload) => payload.case.id === open.id && payload.case.state === "claimed");
      const last = await openCase();
      await far.nextEvent("case_changed", (payload) => payload.case.id === last.id);
      const versions = far.received.flatMap(({ name, payload }) =>
        name === "case_changed" && payload.case.id === open.id ? payload.case.version : [],
      );
      expect(versions).toEqual([1, 2]);
      far.close();
    } finally {
      await other.close();
    }
  });
});
