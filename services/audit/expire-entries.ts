import type pg from "pg";
import { connectSafely } from "../../prisma/audit/separate.ts";
import { DAY_MS } from "../../utils/clock.ts";
import type { Services } from "../context.ts";

/** New guests and ended sessions are most of the log and are of no use after this time. */
const FREQUENT_DAYS = 90;

/** How many links `audit_expire` removes at most, for each entry that it may remove. */
const LINKS_PER_ENTRY = 10;

/** The owner removes a batch in far less time. */
const BATCH_MS = 60_000;

const MAY_EXPIRE = `
  SELECT has_function_privilege('public.audit_expire(timestamptz, timestamptz, integer)', 'EXECUTE') AS "mayExpire"`;

const EXPIRE = "SELECT entries, links FROM public.audit_expire($1::timestamptz, $2::timestamptz, $3::integer)";

/** A connection of a role that may remove expired entries. */
export type AuditOwner = { readonly client: pg.ClientBase; close(): Promise<void> };

type Connections = { readonly pool: pg.Pool; readonly auditUrl: string | null };

async function openSeparate(url: string): Promise<AuditOwner> {
  const client = await connectSafely(url);
  await client.query(`SET statement_timeout = ${BATCH_MS}`);
  return { client, close: () => client.end() };
}

async function openOwn(pool: pg.Pool): Promise<AuditOwner> {
  const client = await pool.connect();
  return { client, close: async () => client.release() };
}

/**
 * Opens a connection of the role that owns the audit log. Returns null if that is another role than the server's and its address is not
 * known. The caller must close it.
 * @throws Error when the given role does not own the audit log
 */
export async function openAuditOwner({ pool, auditUrl }: Connections): Promise<AuditOwner | null> {
  const owner = auditUrl === null ? await openOwn(pool) : await openSeparate(auditUrl);
  const { rows } = await owner.client.query<{ mayExpire: boolean }>(MAY_EXPIRE);
  if (rows[0]?.mayExpire === true) return owner;
  await owner.close();
  if (auditUrl === null) return null;
  throw new Error("The role in AUDIT_DATABASE_URL does not own the audit log. Run npm run audit:separate, or correct the setting.");
}

/**
 * Removes entries older than `AUDIT_RETENTION_DAYS`, and those about new guests and ended sessions after 90 days if that is less; at most
 * `limit` entries. The chain can still be verified from the first entry that is kept.
 * @returns how many entries were removed
 */
export async function expireEntries(
  { now, rules }: Pick<Services, "now" | "rules">,
  { client, limit }: { readonly client: pg.ClientBase; readonly limit: number },
): Promise<number> {
  const daysAgo = (days: number): Date => new Date(now().getTime() - days * DAY_MS);
  const values = [daysAgo(rules.auditRetentionDays), daysAgo(Math.min(FREQUENT_DAYS, rules.auditRetentionDays)), limit];
  for (let total = 0; ; ) {
    const { rows } = await client.query<{ entries: number; links: number }>(EXPIRE, values);
    const { entries, links } = rows[0] ?? { entries: 0, links: 0 };
    total += entries;
    // The links of entries that expired earlier may be more than one batch.
    if (links < limit * LINKS_PER_ENTRY || entries > 0) return total;
  }
}
