import { afterEach, beforeEach, describe, expect, it } from "vitest";
import expireSessions from "../../../jobs/expire-sessions.ts";
import mergeGuests from "../../../jobs/merge-guests.ts";
import purgeAuditLog from "../../../jobs/purge-audit-log.ts";
import purgeGuests from "../../../jobs/purge-guests.ts";
import purgeNotifications from "../../../jobs/purge-notifications.ts";
import purgeRuns from "../../../jobs/purge-runs.ts";
import runExports from "../../../jobs/run-exports.ts";
import { refreshSession } from "../../../services/auth/sessions/refresh-session.ts";
import { createGuest } from "../../../services/guests/create-guest.ts";
import { purgeErasedGuests } from "../../../services/guests/purge-guests.ts";
import { newId } from "../../../utils/ids.ts";
import { type App, bootApp } from "../../support/app.ts";
import { movableClock } from "../../support/clock.ts";
import { strangerCtx } from "../../support/ctx.ts";
import { type TestDatabase, testDatabase } from "../../support/database/db.ts";
import { issueSanction, makeGuest, makeMember, makeRoom } from "../../support/factories.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let clock: ReturnType<typeof movableClock>;
let database: TestDatabase;
let open: App[] = [];

beforeEach(async () => {
  clock = movableClock();
  database = await testDatabase();
});
afterEach(async () => {
  for (const node of open) await node.close();
  open = [];
  await database.drop();
});

async function boot(env: Record<string, string> = {}): Promise<App> {
  const node = await bootApp({ database: database.url, now: clock.now, env });
  open.push(node);
  return node;
}

const ago = (days: number): Date => new Date(clock.now().getTime() - days * DAY);

describe("purging the audit log", () => {
  const entry = async (action: string, days: number): Promise<string> => {
    const row = { id: newId(), action, subjectType: "user", subjectId: newId(), at: ago(days) };
    await database.db.auditEntry.create({ data: row });
    return row.id;
  };
  const kept = async (): Promise<string[]> => (await database.db.auditEntry.findMany({ orderBy: { at: "asc" } })).map(({ id }) => id);

  it("removes entries after 365 days, and those about new guests and ended sessions after 90", async () => {
    const node = await boot();
    await entry("signed_in", 366);
    await entry("guest_created", 91);
    await entry("session_ended", 91);
    const young = [await entry("signed_in", 364), await entry("guest_created", 89), await entry("session_ended", 89)];
    expect(await purgeAuditLog.run(node.services)).toBe(3);
    expect(await kept()).toEqual(young);
    expect(await purgeAuditLog.run(node.services)).toBe(0);
  });

  it("uses the retention period of AUDIT_RETENTION_DAYS", async () => {
    const node = await boot({ AUDIT_RETENTION_DAYS: "40" });
    for (const action of ["signed_in", "guest_created"]) await entry(action, 41);
    const young = await entry("signed_in", 39);
    expect(await purgeAuditLog.run(node.services)).toBe(2);
    expect(await kept()).toEqual([young]);
  });

  it("processes all expired entries in batches", async () => {
    const node = await boot();
    const rows = Array.from({ length: 450 }, () => ({ action: "signed_in", subjectType: "user", at: ago(400) }));
    await database.db.auditEntry.createMany({ data: rows });
    expect(await purgeAuditLog.run(node.services)).toBe(450);
  });
});

describe("purging refresh tokens", () => {
  it("recognizes a replaced token for 30 days and then ends the session on reuse; removes older ones and keeps the session", async () => {
    const node = await boot();
    const guest = await createGuest(strangerCtx(node.services), {});
    const refresh = (token: string) => refreshSession(strangerCtx(node.services), token);
    const tokens = [guest.refreshToken];
    for (let uses = 0; uses < 40; uses++) {
      clock.advance(20 * HOUR);
      tokens.push((await refresh(tokens.at(-1) ?? "")).refreshToken);
    }
    // 800 hours of use: the first four tokens were replaced more than 720 hours ago.
    expect(await expireSessions.run(node.services)).toBe(4);
    expect(await database.db.refreshToken.count()).toBe(37);
    await expect(refresh(tokens[3] ?? "")).rejects.toMatchObject({ code: "unauthenticated" });
    const next = await refresh(tokens.at(-1) ?? "");
    await expect(refresh(tokens[5] ?? "")).rejects.toMatchObject({ code: "session_revoked" });
    await expect(refresh(next.refreshToken)).rejects.toMatchObject({ code: "session_revoked" });
  });
});

describe("purging notifications", () => {
  it("removes them 30 days after they were read, and after 90 days in any case", async () => {
    const node = await boot();
    const ann = await makeMember(node.services);
    const bob = await makeMember(node.services);
    const roomId = await makeRoom(node.services);
    let seq = 0n;
    const notification = async (createdDays: number, readDays: number | null): Promise<string> => {
      seq += 1n;
      const message = { id: newId(), roomId, authorId: bob.id, clientMessageId: newId(), seq, changedSeq: seq, text: "Hello" };
      await database.db.message.create({ data: message });
      const times = { createdAt: ago(createdDays), readAt: readDays === null ? null : ago(readDays) };
      const row = { id: newId(), userId: ann.id, kind: "mention", actorId: bob.id, roomId, messageId: message.id, ...times } as const;
      return (await database.db.notification.create({ data: row })).id;
    };
    await notification(91, null);
    await notification(91, 1);
    await notification(40, 31);
    const young = [await notification(89, null), await notification(40, 29)];
    expect(await purgeNotifications.run(node.services)).toBe(3);
    expect((await database.db.notification.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id)).toEqual(young);
  });
});

describe("purging records of finished work", () => {
  it("removes expired and failed exports 30 days after the request, and keeps the others", async () => {
    const node = await boot();
    const { id: userId } = await makeMember(node.services);
    const record = async (state: "failed" | "expired", days: number): Promise<string> =>
      (await database.db.dataExport.create({ data: { userId, state, createdAt: ago(days) } })).id;
    await record("failed", 31);
    await record("expired", 31);
    const young = [await record("failed", 29), await record("expired", 29)];
    expect(await runExports.run(node.services)).toBe(2);
    expect((await database.db.dataExport.findMany({ orderBy: { id: "asc" } })).map(({ id }) => id)).toEqual(young);
  });

  it("removes merges 30 days after they finished, and keeps open ones", async () => {
    const node = await boot();
    const { id: userId } = await makeMember(node.services);
    const merge = async (finishedAt: Date | null): Promise<string> => {
      const { id: guestId } = await makeGuest(node.services);
      await database.db.guestMerge.create({ data: { guestId, userId, createdAt: clock.now(), finishedAt } });
      return guestId;
    };
    await merge(ago(31));
    const young = [await merge(ago(29)), await merge(null)].sort();
    await mergeGuests.run(node.services);
    expect((await database.db.guestMerge.findMany({ orderBy: { guestId: "asc" } })).map(({ guestId }) => guestId)).toEqual(young);
  });

  it("removes the empty row of an erased guest after 90 days unless messages or sanctions reference it", async () => {
    const node = await boot();
    const roomId = await makeRoom(node.services);
    const erased = async (days: number): Promise<string> => {
      const { id } = await makeGuest(node.services);
      await database.db.session.deleteMany({ where: { userId: id } });
      await database.db.user.update({ where: { id }, data: { lastSeenAt: ago(days), erasedAt: ago(days) } });
      return id;
    };
    const silent = await erased(91);
    const author = await erased(91);
    const banned = await erased(91);
    const recent = await erased(89);
    const text = { id: newId(), roomId, clientMessageId: newId(), seq: 1n, changedSeq: 1n, text: "Hello" };
    await database.db.message.create({ data: { ...text, authorId: author } });
    await issueSanction(database, banned, { kind: "ban" });
    expect(await purgeGuests.run(node.services)).toBe(1);
    const left = (await database.db.user.findMany()).map(({ id }) => id);
    expect(left).not.toContain(silent);
    expect(left).toEqual(expect.arrayContaining([author, banned, recent]));
  });

  it("keeps a sanction that is issued while the row of its guest is being removed, and keeps that row", async () => {
    const node = await boot();
    const { id: userId } = await makeGuest(node.services);
    const { id: other } = await makeGuest(node.services);
    await database.db.session.deleteMany({});
    await database.db.user.updateMany({ data: { lastSeenAt: ago(91), erasedAt: ago(91) } });
    const moderator = await database.pool.connect();
    await moderator.query("BEGIN");
    await moderator.query(
      "INSERT INTO moderation_actions (id, user_id, kind, scope_kind, rule) VALUES ($1, $2, 'ban_site', 'site', 'be kind')",
      [newId(), userId],
    );
    const purging = purgeErasedGuests(node.services, { limit: 100 });
    const waiting =
      "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'DELETE FROM users%'";
    await expect.poll(async () => (await database.pool.query(waiting)).rowCount).toBe(1);
    await moderator.query("COMMIT");
    moderator.release();
    await expect(purging).rejects.toMatchObject({ name: "BatchError", done: 1 });
    expect((await database.db.user.findMany()).map(({ id }) => id)).toEqual([userId]);
    expect(await database.db.moderationAction.findMany()).toMatchObject([{ userId, kind: "ban_site" }]);
    expect(await database.db.user.count({ where: { id: other } })).toBe(0);
    expect(await purgeErasedGuests(node.services, { limit: 100 })).toBe(0);
  });

  it("removes recorded row failures that no job has seen for 30 days", async () => {
    const node = await boot();
    const failure = (rowKey: string, days: number) =>
      database.db.jobFailure.create({ data: { job: "a", rowKey, attempts: 1, error: "x", failedAt: ago(days), retryAt: ago(days) } });
    await failure("old", 31);
    await failure("young", 29);
    expect(await purgeRuns.run(node.services)).toBe(1);
    expect(await database.db.jobFailure.findMany()).toMatchObject([{ rowKey: "young" }]);
  });
});
