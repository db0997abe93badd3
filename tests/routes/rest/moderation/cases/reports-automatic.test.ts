import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "../../../../../prisma/transaction.ts";
import { correctRecord } from "../../../../../services/moderation/cases/correct-record.ts";
import { factorOf, weightOf } from "../../../../../services/moderation/reports/score.ts";
import type { NotificationDto } from "../../../../../utils/contract/schemas/notifications.ts";
import { newId } from "../../../../../utils/ids.ts";
import { restOf, switchboard } from "../../../../support/conversations.ts";
import { expectError } from "../../../../support/expect.ts";
import { makeGuest, makeMember, makeRoom, type Person } from "../../../../support/factories.ts";
import { appForFile } from "../../../../support/for-file.ts";
import { caseAbout, makeRegular, messageBy, reportMessage, resolveAbout } from "../../../../support/moderation/cases.ts";

const { app, database } = await appForFile();
const { line, hangUp } = switchboard(() => app);

let eve: Person;
let mod: Person;
let roomId: string;

beforeEach(async () => {
  eve = await makeMember(app.services, { displayName: "Eve" });
  mod = await makeMember(app.services, { role: "moderator" });
  roomId = await makeRoom(app.services);
});

afterEach(hangUp);

const regulars = (amount: number): Promise<Person[]> => Promise.all(Array.from({ length: amount }, () => makeRegular(app)));
const isHidden = async (id: string) => (await restOf(app, mod).get(`/api/chatroom/messages/${id}`)).status === 404;
const actionsAbout = (userId: string) => database.db.moderationAction.findMany({ where: { userId }, orderBy: { createdAt: "asc" } });

describe("weight of a report", () => {
  it("is multiplied by the reporter's track record, from 0.25 to 2", () => {
    expect(factorOf({ upheld: 0, decided: 0 })).toBe(1);
    expect(factorOf({ upheld: 1, decided: 1 })).toBeCloseTo(4 / 3);
    expect(factorOf({ upheld: 100, decided: 100 })).toBeCloseTo(1.98, 2);
    expect(factorOf({ upheld: 0, decided: 100 })).toBe(0.25);
    expect(weightOf("spam", { upheld: 0, decided: 0 })).toBe(10);
  });

  it("puts child safety first even with the worst record, compared with the best record of any other reason", () => {
    const worst = weightOf("underage", { upheld: 0, decided: 100 });
    for (const reason of ["spam", "harassment", "inappropriate", "scam", "impersonation", "other"] as const)
      expect(worst).toBeGreaterThan(1_000 * weightOf(reason, { upheld: 100, decided: 100 }));
  });

  it("depends on how the reporter's earlier cases were decided, and is corrected when an appeal undoes the action", async () => {
    const ann = await makeMember(app.services);
    const scoreNow = async () => {
      const id = await messageBy(app, eve, roomId);
      await reportMessage(app, ann, id);
      return { id, score: (await caseAbout(app, id)).score };
    };
    const first = await scoreNow();
    expect(first.score).toBe(10);
    await resolveAbout(app, mod, first.id, { outcome: "actioned", actions: [{ kind: "warn", userId: eve.id, rule: "spam" }] });
    const second = await scoreNow();
    expect(second.score).toBe(13);
    const [action] = await actionsAbout(eve.id);
    await inTransaction(database.pool, (tx) => correctRecord(tx, action?.id ?? ""));
    expect((await scoreNow()).score).toBe(7);
    await resolveAbout(app, mod, second.id, { outcome: "dismissed" });
    expect((await scoreNow()).score).toBe(5);
  });
});

describe("message with a high score", () => {
  it("is hidden by an automatic action, which is reverted with the content when the case is dismissed", async () => {
    const id = await messageBy(app, eve, roomId, "Meet me behind the school");
    const theirs = await line(eve);
    const people = await regulars(3);
    for (const [place, person] of people.entries()) {
      expect(await isHidden(id)).toBe(false);
      expect((await reportMessage(app, person, id, { reason: place === 0 ? "inappropriate" : "harassment" })).status).toBe(201);
    }
    expect(await isHidden(id)).toBe(true);
    expect(await actionsAbout(eve.id)).toMatchObject([
      { kind: "delete_message", messageId: id, isAutomatic: true, actorId: null, rule: "harassment", scopeKind: "room", scopeId: roomId },
    ]);
    const applied = await theirs.nextEvent("moderation_applied");
    expect(applied.action).toMatchObject({ kind: "delete_message", isAutomatic: true, actor: null });
    await resolveAbout(app, mod, id, { outcome: "dismissed" });
    const restored = await restOf(app, mod).get(`/api/chatroom/messages/${id}`);
    expect(restored).toMatchObject({ status: 200, body: { text: "Meet me behind the school" } });
    await theirs.nextEvent("moderation_reverted");
    expect(await actionsAbout(eve.id)).toMatchObject([{ revertedById: mod.id }]);
  });

  it("stays hidden when the case is actioned, also if the decision removes it again", async () => {
    const id = await messageBy(app, eve, roomId);
    for (const person of await regulars(3)) await reportMessage(app, person, id, { reason: "harassment" });
    const actions = [
      { kind: "delete_message", messageId: id, rule: "harassment" },
      { kind: "warn", userId: eve.id, rule: "harassment" },
    ] as const;
    const answer = await resolveAbout(app, mod, id, { outcome: "actioned", actions: [...actions] });
    expect(answer.status).toBe(200);
    expect(answer.body.actions.map(({ kind, isAutomatic }) => [kind, isAutomatic])).toEqual([
      ["delete_message", true],
      ["warn", false],
    ]);
    expect(await isHidden(id)).toBe(true);
  });

  it("is hidden by one report of a trusted user for child safety, but by guests and newcomers only from the third on", async () => {
    const one = await messageBy(app, eve, roomId);
    const [trusted] = await regulars(1);
    await reportMessage(app, trusted as Person, one, { reason: "underage" });
    expect(await isHidden(one)).toBe(true);
    const two = await messageBy(app, eve, roomId);
    for (const person of [await makeGuest(app.services), await makeMember(app.services)])
      await reportMessage(app, person, two, { reason: "underage" });
    expect(await isHidden(two)).toBe(false);
    await reportMessage(app, await makeGuest(app.services), two, { reason: "underage" });
    expect(await isHidden(two)).toBe(true);
  });

  it("of a moderator is never hidden automatically", async () => {
    const id = await messageBy(app, await makeMember(app.services, { role: "moderator" }), roomId);
    for (const person of await regulars(4)) await reportMessage(app, person, id, { reason: "harassment" });
    expect((await caseAbout(app, id)).score).toBe(80);
    expect(await isHidden(id)).toBe(false);
  });

  it("is not hidden again after staff restored it while the case is open", async () => {
    const id = await messageBy(app, eve, roomId);
    for (const person of await regulars(3)) await reportMessage(app, person, id, { reason: "harassment" });
    const [action] = await actionsAbout(eve.id);
    expect((await restOf(app, mod).post(`/api/moderation/actions/${action?.id}/revert`, {})).status).toBe(200);
    const [person] = await regulars(1);
    expect((await reportMessage(app, person as Person, id, { reason: "harassment" })).status).toBe(201);
    expect(await isHidden(id)).toBe(false);
  });
});

describe("spam reports of three trusted users", () => {
  const say = (person: Person) =>
    restOf(app, person).post(`/api/chatroom/rooms/${roomId}/messages`, { text: "hello", clientMessageId: newId() });

  it.each(["guest", "newcomer"] as const)("mute a %s for 60 minutes, once, until the case is decided", async (kind) => {
    const spammer = kind === "guest" ? await makeGuest(app.services) : eve;
    const messages = [await messageBy(app, spammer, roomId), await messageBy(app, spammer, roomId)];
    const [one, two, three, four] = await regulars(4);
    await reportMessage(app, one as Person, messages[0] ?? "");
    await reportMessage(app, two as Person, messages[0] ?? "");
    expect((await say(spammer)).status).toBe(201);
    await reportMessage(app, three as Person, messages[1] ?? "");
    const [mute, ...others] = await actionsAbout(spammer.id);
    expect(others).toEqual([]);
    expect(mute).toMatchObject({ kind: "mute", isAutomatic: true, rule: "spam", scopeKind: "site" });
    expect((mute?.expiresAt?.getTime() ?? 0) - (mute?.createdAt.getTime() ?? 0)).toBe(3_600_000);
    expectError(await say(spammer), 403, "muted");
    await reportMessage(app, four as Person, messages[1] ?? "");
    expect(await actionsAbout(spammer.id)).toHaveLength(1);
    await resolveAbout(app, mod, messages[1] ?? "", { outcome: "dismissed" });
    expect((await say(spammer)).status).toBe(201);
  });

  it("mute once when they arrive concurrently", async () => {
    const messages = await Promise.all([1, 2, 3, 4].map(() => messageBy(app, eve, roomId)));
    const people = await regulars(4);
    await Promise.all(people.map((person, place) => reportMessage(app, person, messages[place] ?? "")));
    expect(await actionsAbout(eve.id)).toHaveLength(1);
  });

  it("do not mute a member who is no newcomer, and those of newcomers and guests mute nobody", async () => {
    const old = await makeRegular(app);
    const id = await messageBy(app, old, roomId);
    for (const person of await regulars(4)) await reportMessage(app, person, id);
    expect(await actionsAbout(old.id)).toEqual([]);
    const other = await messageBy(app, eve, roomId);
    for (const make of [makeGuest, makeMember, makeGuest, makeMember]) await reportMessage(app, await make(app.services), other);
    expect(await actionsAbout(eve.id)).toEqual([]);
  });
});

it("a closed case: notifies its reporters of their report, without naming anyone", async () => {
  const [ann] = await regulars(1);
  const theirs = await line(ann as Person);
  const id = await messageBy(app, eve, roomId);
  const { body: made } = await reportMessage(app, ann as Person, id);
  await resolveAbout(app, mod, id, { outcome: "actioned", actions: [{ kind: "delete_message", messageId: id, rule: "spam" }] });
  const note = await theirs.nextEvent("notification_created", ({ kind }) => kind === "report");
  expect(note).toMatchObject({ subject: { kind: "report", id: made.id }, actor: null, roomId: null, messageId: null, excerpt: null });
  const list = (await restOf(app, ann as Person).get<{ items: NotificationDto[] }>("/api/notifications")).body.items;
  expect(list).toMatchObject([{ kind: "report", subject: { id: made.id } }]);
  expect((await restOf(app, eve).get<{ items: NotificationDto[] }>("/api/notifications")).body.items).toMatchObject([
    { kind: "moderation", actor: null },
  ]);
});
