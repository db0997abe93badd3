import { processRows } from "../audit/process-rows.ts";
import { ago, failuresOf, findDue, type Purge, purgeRows } from "../audit/purge-rows.ts";
import type { Services } from "../context.ts";
import { endSessions } from "./end-sessions.ts";

const DAY_MS = 86_400_000;

/** How long an ended session and its replaced tokens are kept, to know a late replay. */
const KEEP_MS = 30 * DAY_MS;

type Batch = { readonly limit: number };

const job = "expire-sessions";
const key = { column: "id", type: "uuid" } as const;
const ENDED: Purge = { job, table: "sessions", key, due: "ended_at < $1" };
const UNUSED: Purge = { job: `${job}/end`, table: "sessions", key, due: "ended_at IS NULL AND expires_at <= $1" };

/**
 * Ends sessions that were not used in time.
 * @returns how many
 * @throws BatchError when some could not be ended; the others are
 */
export async function expireSessions(services: Services, { limit }: Batch): Promise<number> {
  const keys = await findDue(services, UNUSED, { before: services.now(), limit });
  const work = async (ids: readonly string[]): Promise<number> => (await endSessions(services, ids, { reason: "expired" })).length;
  return processRows(services, { job: failuresOf(UNUSED), keys, work });
}

/** Removes sessions that ended long ago, with their tokens. @returns how many */
export const forgetSessions = (services: Services, { limit }: Batch): Promise<number> =>
  purgeRows(services, ENDED, { before: ago(services, KEEP_MS), limit });
