import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionDto, BulkActionsDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { AppealDto } from "../../../../utils/contract/schemas/moderation/appeals.ts";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { placed, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeConversation, makeGuest, makeLounge, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { makeLoungeModerator, muteOf, take } from "../../../support/moderation/actions.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const clock = movableClock();
let eve: Person;
let mod: Person;
let second: Person;
let admin: Person;

const { app, database } = await appForFile({ now: clock.now });
const { line, hangUp } = switchboard(() => app);

beforeEach(async () => {
  eve = await makeMember(app.services, { displayName: "Eve" });
  mod = await makeMember(app.services, { role: "moderator" });
  second = await makeMember(app.services, { role: "moderator" });
  admin = await makeMember(app.services, { role: "admin" });
});

afterEach(hangUp);

const appeal = (person: Person, actionId: string, text = "It was a joke.") =>
  restOf(app, person).post<AppealDto>("/api/moderation/appeals", { actionId, text });

async function appealed(person: Person, actionId: string): Promise<AppealDto> {
  const answer = await appeal(person, actionId);
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
  return answer.body;
}

const decide = (person: Person, appealId: string, outcome: "upheld" | "reversed" = "reversed", answer = "You are right.") =>
  restOf(app, person).post<AppealDto>(`/api/moderation/appeals/${appealId}/decide`, { outcome, answer });

const list = async (person: Person, query = "") => (await restOf(app, person).get<Page<AppealDto>>(`/api/moderation/appeals${query}`)).body;
const ownActions = async (person: Person) => (await restOf(app, person).get<Page<ActionDto>>("/api/moderation/actions")).body.items;
const notifications = async (person: Person) => (await restOf(app, person).get<Page<NotificationDto>>("/api/notifications")).body.items;
const stateOf = async (id: string) => (await database.db.appeal.findUniqueOrThrow({ where: { id } })).state;

describe("creating an appeal", () => {
  it("stores the appeal of a banned user, also of a guest, who see its state in their list and at the action", async () => {
    const guest = await makeGuest(app.services);
    for (const person of [eve, guest]) {
      const { id: actionId } = await take(app, mod, { kind: "ban_site", userId: person.id });
      expectError(await restOf(app, person).get("/api/conversations"), 403, "banned");
      const created = await appealed(person, actionId);
      expect(created).toMatchObject({ actionId, text: "It was a joke.", state: "open", answer: null, decidedAt: null, decidedBy: null });
      expect((await list(person)).items).toEqual([created]);
      expect(await ownActions(person)).toMatchObject([{ id: actionId, actor: null, appeal: { id: created.id, state: "open" } }]);
    }
  });

  it("answers 404 for an unknown action and for another user's, whose staff cannot appeal for them", async () => {
    const { id } = await take(app, mod, muteOf(eve.id));
    for (const person of [await makeMember(app.services), mod, admin]) expectError(await appeal(person, id), 404, "not_found");
    expectError(await appeal(eve, newId()), 404, "not_found");
    expect(await database.db.appeal.count({ where: { actionId: id } })).toBe(0);
    expect((await appeal(eve, id)).status).toBe(201);
  });

  it("rejects a second appeal against the same action, also a concurrent one and one after the decision", async () => {
    const { id } = await take(app, mod, muteOf(eve.id));
    const answers = await Promise.all(Array.from({ length: 5 }, () => appeal(eve, id)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    for (const answer of answers) if (answer.status === 409) expectError(answer, 409, "appeal_exists");
    expect(await database.db.appeal.count({ where: { actionId: id } })).toBe(1);
    const created = answers.find(({ status }) => status === 201)?.body;
    await decide(second, created?.id ?? "", "upheld");
    expectError(await appeal(eve, id), 409, "appeal_exists");
  });

  it.each([
    ["an empty text", ""],
    ["a blank text", "  \n"],
    ["more than 2,000 characters", "x".repeat(2_001)],
  ])("rejects %s, and accepts 2,000 characters", async (_title, text) => {
    const { id } = await take(app, mod, muteOf(eve.id));
    expectError(await appeal(eve, id, text), 400, "invalid_input");
    expect((await appeal(eve, id, "x".repeat(2_000))).status).toBe(201);
  });

  it("is possible for six months, also when the action has expired, and not later", async () => {
    const [early, late] = [await take(app, mod, muteOf(eve.id)), await take(app, mod, { kind: "warn", userId: eve.id })];
    clock.advance(180 * DAY_MS);
    const later = await makeSession(app.services, eve);
    expect((await appeal(later, early.id)).status).toBe(201);
    clock.advance(5 * DAY_MS);
    expectError(await appeal(await makeSession(app.services, eve), late.id), 410, "appeal_closed");
    expect(await database.db.appeal.count({ where: { actionId: late.id } })).toBe(0);
  });

  it("rejects an appeal against an action that was undone", async () => {
    const { id } = await take(app, mod, muteOf(eve.id));
    await restOf(app, mod).post(`/api/moderation/actions/${id}/revert`, {});
    expectError(await appeal(eve, id), 410, "appeal_closed");
  });
});

describe("the list of appeals", () => {
  it("shows the staff the open appeals first, oldest first, page by page", async () => {
    const mine: string[] = [];
    for (let count = 0; count < 5; count += 1) mine.push((await appealed(eve, (await take(app, mod, muteOf(eve.id))).id)).id);
    const [first = "", second_ = "", third = "", ...rest] = mine;
    await decide(second, first, "upheld");
    await decide(second, third, "upheld");
    const expected = [second_, ...rest, first, third];
    const walked: string[] = [];
    let cursor = "";
    do {
      const page = await list(mod, `?limit=2${cursor && `&cursor=${cursor}`}`);
      walked.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? "";
    } while (cursor !== "");
    expect(walked.filter((id) => mine.includes(id))).toEqual(expected);
    expect(new Set(walked).size).toBe(walked.length);
    const upheld = (await list(mod, "?state=upheld&limit=100")).items;
    expect(upheld.filter(({ id }) => mine.includes(id)).map(({ id }) => id)).toEqual([first, third]);
    expect(upheld.every(({ state }) => state === "upheld")).toBe(true);
    const decider = { id: second.id };
    expect(upheld.find(({ id }) => id === first)).toMatchObject({ decidedBy: decider, answer: "You are right." });
  });

  it("shows people only their own appeals, newest first, without the moderator who decided", async () => {
    const bob = await makeMember(app.services);
    await appealed(bob, (await take(app, mod, muteOf(bob.id))).id);
    const [one, two] = [
      await appealed(eve, (await take(app, mod, muteOf(eve.id))).id),
      await appealed(eve, (await take(app, mod, muteOf(eve.id))).id),
    ];
    await decide(second, one.id, "upheld", "No.");
    const { items } = await list(eve);
    expect(items.map(({ id }) => id)).toEqual([two.id, one.id]);
    expect(items[1]).toMatchObject({ state: "upheld", answer: "No.", decidedBy: null });
    expect(JSON.stringify(items)).not.toContain(second.id);
    expect((await list(eve, "?state=open")).items.map(({ id }) => id)).toEqual([two.id]);
    const page = await list(eve, "?limit=1");
    expect((await list(eve, `?limit=1&cursor=${page.nextCursor}`)).items.map(({ id }) => id)).toEqual([one.id]);
  });

  it("shows moderators of a lounge the appeals in its scope, and their own ones elsewhere", async () => {
    const loungeId = await makeLounge(app.services);
    const roomId = await makeRoom(app.services, { loungeId });
    const anna = await makeLoungeModerator(app, loungeId);
    const inRoom = await appealed(eve, (await take(app, mod, muteOf(eve.id, { kind: "room", id: roomId }))).id);
    const inLounge = await appealed(eve, (await take(app, mod, muteOf(eve.id, { kind: "lounge", id: loungeId }))).id);
    const elsewhere = await makeRoom(app.services);
    await appealed(eve, (await take(app, mod, muteOf(eve.id, { kind: "room", id: elsewhere }))).id);
    await appealed(eve, (await take(app, mod, muteOf(eve.id))).id);
    const own = await appealed(anna, (await take(app, mod, { kind: "warn", userId: anna.id })).id);
    expect((await list(anna)).items.map(({ id }) => id)).toEqual([inRoom.id, inLounge.id, own.id]);
    await decide(second, own.id, "upheld");
    expect((await list(anna, "?state=upheld")).items).toMatchObject([{ id: own.id, decidedBy: null }]);
  });

  it.each(["x", "open", "open.x", `held.1.${newId()}`])("rejects the cursor %s", async (cursor) => {
    for (const person of [mod, eve])
      expectError(await restOf(app, person).get(`/api/moderation/appeals?cursor=${cursor}`), 400, "invalid_input");
  });
});

describe("deciding an appeal", () => {
  it("reversed: lifts the restriction, tells the user the answer without the moderator, and records it in the audit log", async () => {
    const action = await take(app, mod, muteOf(eve.id));
    const roomId = await makeRoom(app.services);
    const live = await line(eve);
    await live.command("join_room", { roomId });
    expect(await sayIn(live, roomId)).toMatchObject({ ok: false, error: { code: "muted" } });
    const { id } = await appealed(eve, action.id);
    const decided = await decide(second, id);
    expect(decided.status).toBe(200);
    expect(decided.body).toMatchObject({ id, state: "reversed", answer: "You are right.", decidedBy: { id: second.id } });
    expect((await live.nextEvent("moderation_reverted")).action).toMatchObject({
      id: action.id,
      revertedBy: null,
      appeal: { state: "reversed" },
    });
    const notification = await live.nextEvent("notification_created", ({ kind }) => kind === "appeal");
    expect(notification).toMatchObject({ subject: { kind: "appeal", id }, actor: null, roomId: null, messageId: null, excerpt: null });
    expect((await sayIn(live, roomId)).ok).toBe(true);
    expect((await list(eve)).items).toMatchObject([{ id, state: "reversed", answer: "You are right.", decidedBy: null }]);
    expect((await notifications(eve)).filter(({ kind }) => kind === "appeal")).toMatchObject([{ subject: { kind: "appeal", id } }]);
    const entries = await database.db.auditEntry.findMany({ where: { action: "appeal_decided", subjectId: id } });
    expect(entries).toMatchObject([{ actorId: second.id, subjectType: "appeal", data: { outcome: "reversed", actionId: action.id } }]);
    expect(JSON.stringify(live.received)).not.toContain(second.id);
  });

  it("reversed: restores a deleted message", async () => {
    const roomId = await makeRoom(app.services);
    const live = await line(eve);
    await live.command("join_room", { roomId });
    const sent = await sayIn(live, roomId, "the text");
    if (!sent.ok) throw new Error(sent.error.code);
    const { id: messageId } = placed(sent.data.message);
    const action = await take(app, mod, { kind: "delete_message", messageId });
    const { id } = await appealed(eve, action.id);
    expect((await decide(second, id)).status).toBe(200);
    expect((await restOf(app, eve).get<{ text: string }>(`/api/chatroom/messages/${messageId}`)).body).toMatchObject({ text: "the text" });
  });

  it.each(["reversed", "upheld"] as const)("%s: corrects the record of those who reported it only if it is undone", async (outcome) => {
    const caseId = newId();
    await database.db.moderationCase.create({
      data: { id: caseId, kind: "report", targetKind: "user", targetId: eve.id, subjectId: eve.id, evidence: {} },
    });
    const { id } = await appealed(eve, (await take(app, mod, { ...muteOf(eve.id), caseId })).id);
    expect((await decide(second, id, outcome)).status).toBe(200);
    const { isReversed } = await database.db.moderationCase.findUniqueOrThrow({ where: { id: caseId } });
    expect(isReversed).toBe(outcome === "reversed");
  });

  it("upheld: leaves the action in force, and notifies the user", async () => {
    const action = await take(app, mod, muteOf(eve.id));
    const { id } = await appealed(eve, action.id);
    expect((await decide(second, id, "upheld", "")).body).toMatchObject({ state: "upheld", answer: null });
    expect(await ownActions(eve)).toMatchObject([{ id: action.id, revertedAt: null, appeal: { state: "upheld" } }]);
    expect((await notifications(eve)).map(({ kind }) => kind).sort()).toEqual(["appeal", "moderation"]);
  });

  it("rejects the moderator who acted, also an admin, and accepts another one", async () => {
    for (const by of [mod, admin]) {
      const { id } = await appealed(eve, (await take(app, by, muteOf(eve.id))).id);
      expectError(await decide(by, id), 409, "same_moderator");
      expect(await stateOf(id)).toBe("open");
      expect((await decide(second, id)).status).toBe(200);
    }
  });

  it("rejects the moderator who issued the bulk action that contains it", async () => {
    const actions = [{ ...muteOf(eve.id), rule: "spam" }];
    const bulk = (await restOf(app, mod).post<BulkActionsDto>("/api/moderation/actions/bulk", { actions })).body;
    const [child] = bulk.actions;
    // The child names another moderator, as it would after a merge of two accounts: the parent's decides.
    await database.db.moderationAction.update({ where: { id: child?.id ?? "" }, data: { actorId: admin.id } });
    const { id } = await appealed(eve, child?.id ?? "");
    expectError(await decide(mod, id), 409, "same_moderator");
    expect((await decide(second, id)).status).toBe(200);
  });

  it("lets any moderator decide about automatic actions", async () => {
    const actionId = newId();
    await database.db.moderationAction.create({
      data: { id: actionId, kind: "mute", userId: eve.id, scopeKind: "site", rule: "spam", isAutomatic: true, createdAt: clock.now() },
    });
    const { id } = await appealed(eve, actionId);
    expect((await decide(mod, id)).status).toBe(200);
  });

  it("happens once: later and concurrent decisions are rejected and change nothing", async () => {
    const { id } = await appealed(eve, (await take(app, mod, muteOf(eve.id))).id);
    const answers = await Promise.all([decide(second, id, "upheld"), decide(admin, id, "reversed"), decide(second, id, "reversed")]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    for (const answer of answers) if (answer.status === 409) expectError(answer, 409, "case_changed");
    const state = await stateOf(id);
    const late = expectError(await decide(admin, id, state === "upheld" ? "reversed" : "upheld"), 409, "case_changed");
    expect(late.case).toBeUndefined();
    expect(await stateOf(id)).toBe(state);
    expect((await notifications(eve)).filter(({ kind }) => kind === "appeal")).toHaveLength(1);
    expect(await database.db.auditEntry.count({ where: { action: "appeal_decided", subjectId: id } })).toBe(1);
  });

  it("is forbidden for people who are not staff, and for the staff about themselves, their equals and superiors", async () => {
    const { id } = await appealed(mod, (await take(app, admin, { kind: "warn", userId: mod.id })).id);
    for (const person of [eve, await makeGuest(app.services), mod, second]) expectError(await decide(person, id), 403, "forbidden");
    const bot = await makeMember(app.services, { kind: "bot", role: "moderator" });
    expectError(await decide(bot, id), 403, "forbidden");
    expect(await stateOf(id)).toBe("open");
    const other = await makeMember(app.services, { role: "admin" });
    expect((await decide(other, id)).status).toBe(200);
  });

  it("is limited for moderators of a lounge to its scope", async () => {
    const loungeId = await makeLounge(app.services);
    const anna = await makeLoungeModerator(app, loungeId);
    const outside = await appealed(eve, (await take(app, mod, muteOf(eve.id))).id);
    const inside = await appealed(eve, (await take(app, mod, muteOf(eve.id, { kind: "lounge", id: loungeId }))).id);
    const colleague = await makeLoungeModerator(app, loungeId);
    const aboutColleague = await appealed(colleague, (await take(app, admin, muteOf(colleague.id, { kind: "lounge", id: loungeId }))).id);
    for (const { id } of [outside, aboutColleague]) expectError(await decide(anna, id), 403, "forbidden");
    expect((await decide(anna, inside.id)).status).toBe(200);
  });

  it("uses the role at the time of the decision, not at the time of the request", async () => {
    const { id } = await appealed(eve, (await take(app, mod, muteOf(eve.id))).id);
    await restOf(app, second).get("/api/auth/me");
    await database.db.user.update({ where: { id: second.id }, data: { role: "member" } });
    expectError(await decide(second, id), 403, "forbidden");
    expect(await stateOf(id)).toBe("open");
  });

  it("leaves actions in conversations to the staff of the site", async () => {
    const roomId = await makeConversation(app.services, [eve, await makeMember(app.services)]);
    const actionId = newId();
    await database.db.moderationAction.create({
      data: {
        id: actionId,
        kind: "mute",
        userId: eve.id,
        scopeKind: "room",
        scopeId: roomId,
        rule: "spam",
        actorId: mod.id,
        createdAt: clock.now(),
      },
    });
    const { id } = await appealed(eve, actionId);
    const anna = await makeLoungeModerator(app, await makeLounge(app.services));
    expect((await list(anna)).items).toEqual([]);
    expectError(await decide(anna, id), 403, "forbidden");
    expect((await decide(second, id)).status).toBe(200);
  });

  it("answers 404 for an unknown appeal, and rejects an unknown outcome", async () => {
    expectError(await decide(mod, newId()), 404, "not_found");
    const { id } = await appealed(eve, (await take(app, mod, muteOf(eve.id))).id);
    expectError(await decide(second, id, "open" as "upheld"), 400, "invalid_input");
    expectError(await decide(second, id, "upheld", "x".repeat(2_001)), 400, "invalid_input");
  });
});
