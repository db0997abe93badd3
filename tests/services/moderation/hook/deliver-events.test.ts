import { afterAll, beforeEach, describe, expect, it } from "vitest";
import hookEvents from "../../../../jobs/moderation/hook-events.ts";
import type { Services } from "../../../../services/context.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { issueSanction, makeMember, type Person } from "../../../support/factories.ts";
import { answers, decides, fakeClassifier } from "../../../support/fakes/classifier.ts";
import { appForFile } from "../../../support/for-file.ts";

const MINUTE_MS = 60_000;

const clock = movableClock();
const classifier = await fakeClassifier(clock.now);
afterAll(() => classifier.close());

const env = { MODERATION_HOOK_URL: classifier.url, MODERATION_HOOK_SECRET: classifier.secret };
const { app, database } = await appForFile({ env, now: clock.now });
const run = (services: Services = app.services): Promise<number> => hookEvents.run(services);
const without = (): Services => ({
  ...app.services,
  rules: { ...app.services.rules, moderationHook: undefined } as unknown as Services["rules"],
});

let bob: Person;

beforeEach(async () => {
  await database.pool.query("DELETE FROM hook_events; DELETE FROM job_failures");
  classifier.asked.length = 0;
  classifier.behave(decides("allow"));
  bob = await makeMember(app.services);
  await run();
});

const openCase = async (): Promise<string> => {
  const id = newId();
  const evidence = { message: { text: "private words" } };
  await database.db.moderationCase.create({
    data: { id, kind: "report", targetKind: "message", targetId: newId(), subjectId: bob.id, evidence },
  });
  return id;
};

const ban = (): Promise<string> => issueSanction(database, bob.id, { kind: "ban", rule: "spam" });
const eventCount = (): Promise<number> => database.db.hookEvent.count();

describe("events for the classifier", () => {
  it("report new cases and actions once, without texts or the names of moderators", async () => {
    const caseId = await openCase();
    const actionId = await ban();
    expect(await run()).toBe(2);
    expect(await run()).toBe(0);
    expect(classifier.asked).toMatchObject([
      { type: "case_opened", case: { id: caseId, kind: "report", target: { kind: "message" }, score: 0 } },
      { type: "action_taken", action: { id: actionId, kind: "ban_site", userId: bob.id, scope: { kind: "site", id: null }, rule: "spam" } },
    ]);
    expect(classifier.asked[1]?.action?.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(JSON.stringify(classifier.asked)).not.toContain("private words");
    expect(Object.keys(classifier.asked[1]?.action ?? {})).not.toContain("actorId");
  });

  it("are not recorded for a case that is rolled back", async () => {
    const failed = database.db.$transaction(async (tx) => {
      await tx.moderationCase.create({ data: { id: newId(), kind: "report", targetKind: "user", targetId: bob.id, evidence: {} } });
      throw new Error("rolled back");
    });
    await expect(failed).rejects.toThrow("rolled back");
    expect(await eventCount()).toBe(0);
  });

  it("that the receiver rejects: are sent again with the same id after 1 and 4 minutes, and do not delay the others", async () => {
    await ban();
    classifier.behave(answers(400));
    await expect(run()).rejects.toMatchObject({ name: "BatchError", done: 0 });
    classifier.behave(decides("allow"));
    await openCase();
    expect(await run()).toBe(1);
    clock.advance(MINUTE_MS);
    classifier.behave(answers(400));
    await expect(run()).rejects.toMatchObject({ name: "BatchError" });
    clock.advance(MINUTE_MS);
    expect(await run()).toBe(0);
    classifier.behave(decides("allow"));
    clock.advance(3 * MINUTE_MS);
    expect(await run()).toBe(1);
    const ids = classifier.asked.filter(({ type }) => type === "action_taken").map(({ id }) => id);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
    expect(await database.db.jobFailure.count()).toBe(0);
  });

  it("during an outage of the receiver: only three are tried in a run", async () => {
    for (let count = 0; count < 5; count += 1) await ban();
    classifier.behave(answers(503));
    await expect(run()).rejects.toMatchObject({ name: "BatchError" });
    expect(classifier.asked).toHaveLength(3);
    classifier.behave(decides("allow"));
    expect(await run()).toBe(2);
    clock.advance(MINUTE_MS);
    expect(await run()).toBe(3);
  });

  it("that could not be delivered for 3 days, and the oldest beyond 10,000: are dropped", async () => {
    classifier.behave(answers(503));
    const insert =
      "INSERT INTO hook_events (id, type, subject_id, created_at) SELECT gen_random_uuid(), 'case_opened', gen_random_uuid(), $1::timestamptz + make_interval(secs => n) FROM generate_series(1, $2::int) n";
    const daysAgo = (days: number): Date => new Date(clock.now().getTime() - days * 86_400_000);
    await database.pool.query(insert, [daysAgo(4), 10]);
    await database.pool.query(insert, [daysAgo(1), 10_050]);
    // The subjects do not exist, so that the events of the first batch are removed without a request.
    await run();
    expect(await eventCount()).toBeLessThanOrEqual(10_001);
    expect(await database.db.hookEvent.count({ where: { createdAt: { lt: daysAgo(3) } } })).toBe(0);
  });

  it("without a configured classifier: are removed, and no longer recorded", async () => {
    await ban();
    expect(await run(without())).toBe(1);
    await openCase();
    expect(await eventCount()).toBe(0);
    await run();
    await openCase();
    expect(await eventCount()).toBe(1);
  });
});
