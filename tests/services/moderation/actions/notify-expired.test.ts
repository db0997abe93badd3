import { beforeEach, describe, expect, it } from "vitest";
import expireActions from "../../../../jobs/moderation/expire-actions.ts";
import { notifyExpired } from "../../../../services/moderation/actions/notify-expired.ts";
import { eraseUser } from "../../../../services/privacy/erasure/erase-user.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const HOUR_MS = 3_600_000;

const clock = movableClock();
let eve: Person;

const { app, database } = await appForFile({ now: clock.now });
const { line, hangUp } = switchboard(() => app);

beforeEach(async () => {
  await database.pool.query("DELETE FROM moderation_actions");
  eve = await makeMember(app.services);
});

/** Stores a mute of an hour. @returns the action's id */
async function mute(over: object = {}, userId = eve.id): Promise<string> {
  const expiresAt = new Date(clock.now().getTime() + HOUR_MS);
  const data = { id: newId(), kind: "mute", userId, scopeKind: "site", rule: "spam", expiresAt, ...over } as const;
  return (await database.db.moderationAction.create({ data })).id;
}

const notified = async (userId = eve.id) =>
  (await database.db.notification.findMany({ where: { userId }, orderBy: { id: "asc" } })).map(({ kind, subjectKind, subjectId }) => ({
    kind,
    subjectKind,
    subjectId,
  }));

describe("the job expire-actions", () => {
  it("notifies the user once that a restriction has expired, also on their open sockets, and publishes no revert", async () => {
    const id = await mute();
    expect(await expireActions.run(app.services)).toBe(0);
    expect(await notified()).toEqual([]);
    const live = await line(eve);
    clock.advance(HOUR_MS);
    expect(await expireActions.run(app.services)).toBe(1);
    const notification = await live.nextEvent("notification_created");
    expect(notification).toMatchObject({ kind: "moderation", subject: { kind: "action", id }, actor: null, excerpt: null });
    expect(await notified()).toEqual([{ kind: "moderation", subjectKind: "action", subjectId: id }]);
    expect(await expireActions.run(app.services)).toBe(0);
    expect(await notified()).toHaveLength(1);
    expect(live.received.filter(({ name }) => name === "moderation_reverted")).toEqual([]);
    hangUp();
  });

  it("ignores permanent and undone restrictions, actions without a duration, and parents of bulk actions", async () => {
    await mute({ expiresAt: null });
    await mute({ revertedAt: clock.now() });
    await mute({ kind: "warn" });
    await mute({ userId: null });
    const expected = [await mute(), await mute({ kind: "ban_site" }), await mute({ kind: "require_phone" })];
    clock.advance(HOUR_MS);
    expect(await expireActions.run(app.services)).toBe(3);
    expect((await notified()).map(({ subjectId }) => subjectId).sort()).toEqual(expected.sort());
  });

  it("works in batches, and runs on several nodes notify each user once", async () => {
    for (let count = 0; count < 5; count += 1) await mute();
    clock.advance(HOUR_MS);
    expect(await notifyExpired(app.services, { limit: 2 })).toBe(2);
    const counts = await Promise.all([expireActions.run(app.services), expireActions.run(app.services)]);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(3);
    expect(new Set((await notified()).map(({ subjectId }) => subjectId)).size).toBe(5);
    expect(await notified()).toHaveLength(5);
  });

  it("notifies the others if a row fails, and retries that row later", async () => {
    const bad = await mute();
    const bob = await makeMember(app.services);
    await mute({}, bob.id);
    clock.advance(HOUR_MS);
    await database.pool.query(`
      CREATE FUNCTION reject_notice() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
      CREATE TRIGGER reject_notice BEFORE INSERT ON notifications FOR EACH ROW WHEN (NEW.subject_id = '${bad}') EXECUTE FUNCTION reject_notice()`);
    await expect(expireActions.run(app.services)).rejects.toMatchObject({ done: 1 });
    expect(await notified(bob.id)).toHaveLength(1);
    await database.pool.query("DROP TRIGGER reject_notice ON notifications");
    expect(await expireActions.run(app.services)).toBe(0);
    clock.advance(2 * 60_000);
    expect(await expireActions.run(app.services)).toBe(1);
    expect(await notified()).toHaveLength(1);
  });

  it("marks restrictions of erased users without notifying anyone", async () => {
    await mute();
    await eraseUser(app.services, { userId: eve.id, displayName: "Deleted user", messages: "keep" });
    clock.advance(HOUR_MS);
    expect(await expireActions.run(app.services)).toBe(1);
    expect(await notified()).toEqual([]);
    expect(await expireActions.run(app.services)).toBe(0);
  });
});

it("an expired restriction: ends by the clock, even if the job never runs", async () => {
  const roomId = await makeRoom(app.services);
  await mute({ expiresAt: new Date(Date.now() - 1) });
  const live = await line(eve);
  await live.command("join_room", { roomId });
  expect((await sayIn(live, roomId)).ok).toBe(true);
  expect((await restOf(app, eve).get<{ items: unknown[] }>("/api/notifications")).body.items).toEqual([]);
  hangUp();
});
