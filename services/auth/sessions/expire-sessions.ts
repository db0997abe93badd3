import { DAY_MS } from "../../../utils/clock.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { processRows } from "../../audit/process-rows.ts";
import { ago, failuresOf, findDue, type Purge, purgeRows } from "../../audit/purge-rows.ts";
import type { Services } from "../../context.ts";
import { endSessions } from "./end-sessions.ts";

/** How long an ended session and its replaced tokens are kept, to detect a late replay. */
const KEEP_MS = 30 * DAY_MS;

type Batch = { readonly limit: number };

const job = "expire-sessions";
const key = { column: "id", type: "uuid" } as const;
const ENDED: Purge = { job, table: "sessions", key, due: "ended_at < $1" };
const REPLACED: Purge = { job, table: "refresh_tokens", key: { column: "hash", type: "bytea" }, due: "replaced_at < $1" };
const UNUSED: Purge = { job: `${job}/end`, table: "sessions", key, due: "ended_at IS NULL AND expires_at <= $1" };

/**
 * Ends expired sessions.
 * @returns how many
 * @throws BatchError when some could not be ended; the others are
 */
export async function expireSessions(
  services: Pick<Services, "pool" | "reservedPool" | "now" | "sessions" | "publish" | "logger">,
  { limit }: Batch,
): Promise<number> {
  const keys = await findDue(services, UNUSED, { before: services.now(), limit });
  const work = async (ids: readonly string[]): Promise<number> => (await endSessions(services, ids, { reason: "expired" })).length;
  return processRows(services, { job: failuresOf(UNUSED), keys, work });
}

/**
 * Removes refresh tokens that were replaced more than 30 days ago. A token is valid for 30 days at most, so until then a replay of it
 * still ends the session; a session in constant use keeps about 3,000 replaced tokens.
 * @returns how many
 */
export const purgeReplacedTokens = (services: Pick<Services, "pool" | "now" | "logger">, { limit }: Batch): Promise<number> =>
  purgeRows(services, REPLACED, { before: ago(services, limits.refreshTokenMs), limit });

/** Removes sessions that ended more than 30 days ago, with their tokens. @returns how many */
export const purgeSessions = (services: Pick<Services, "pool" | "now" | "logger">, { limit }: Batch): Promise<number> =>
  purgeRows(services, ENDED, { before: ago(services, KEEP_MS), limit });
