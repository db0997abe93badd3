import { inTransaction } from "../../prisma/transaction.ts";
import { DAY_MS } from "../../utils/clock.ts";
import type { Services } from "../context.ts";
import { processRows, type RowServices } from "./process-rows.ts";
import { ago, failuresOf, findDue, type Purge } from "./purge-rows.ts";

/** New guests and ended sessions are most of the log and are of no use after this time. */
const FREQUENT_DAYS = 90;

const key = { column: "id", type: "uuid" } as const;
const FREQUENT: Purge = {
  job: "purge-audit-log/frequent",
  table: "audit_log",
  key,
  due: "action IN ('guest_created', 'session_ended') AND at < $1",
};
const ANY: Purge = { job: "purge-audit-log", table: "audit_log", key, due: "at < $1" };

/** Permits deletions from the append-only table for entries before a time, until the transaction ends. */
const OPEN = "SELECT set_config('chatroom.audit_cutoff', $1::timestamptz::text, true)";
const REMOVE = "DELETE FROM audit_log WHERE id = ANY($1::uuid[])";

async function remove(services: RowServices, purge: Purge, batch: { before: Date; limit: number }): Promise<number> {
  const work = (keys: readonly string[]): Promise<number> =>
    inTransaction(services.pool, async (client) => {
      await client.query(OPEN, [batch.before]);
      return (await client.query(REMOVE, [keys])).rowCount ?? 0;
    });
  return processRows(services, { job: failuresOf(purge), keys: await findDue(services, purge, batch), work });
}

type Batch = { readonly limit: number };

/** Removes entries about new guests and ended sessions after 90 days, or `AUDIT_RETENTION_DAYS` if that is less. @returns how many */
export const purgeFrequentEntries = (services: Pick<Services, "pool" | "now" | "logger" | "rules">, { limit }: Batch): Promise<number> =>
  remove(services, FREQUENT, { before: ago(services, Math.min(FREQUENT_DAYS, services.rules.auditRetentionDays) * DAY_MS), limit });

/**
 * Removes all entries older than `AUDIT_RETENTION_DAYS`. The database rejects all other deletions, and also this one for entries of the
 * last 30 days.
 * @returns how many
 */
export const purgeAuditLog = (services: Pick<Services, "pool" | "now" | "logger" | "rules">, { limit }: Batch): Promise<number> =>
  remove(services, ANY, { before: ago(services, services.rules.auditRetentionDays * DAY_MS), limit });
