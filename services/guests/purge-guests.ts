import { DAY_MS } from "../../utils/clock.ts";
import { limits } from "../../utils/contract/limits.ts";
import { notFailed, processEach, type RowServices } from "../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../audit/purge-rows.ts";
import type { Services } from "../context.ts";
import { eraseUser } from "../privacy/erasure/erase-user.ts";
import { FORMER_GUEST } from "./former-guest.ts";

/** Selects inactive guests, except those with an unfinished merge. */
const IS_DUE = `u.kind = 'guest' AND u.erased_at IS NULL AND u.last_seen_at < $1
  AND NOT EXISTS (SELECT FROM sessions s WHERE s.user_id = u.id AND s.last_used_at >= $1)
  AND NOT EXISTS (SELECT FROM guest_merges g WHERE g.guest_id = u.id AND g.finished_at IS NULL)`;

const JOB = "purge-guests";
const DUE = `SELECT u.id FROM users u WHERE ${IS_DUE} AND ${notFailed({ job: JOB, key: "u.id", now: "$3" })}
  ORDER BY u.last_seen_at LIMIT $2`;
const STILL_DUE = `SELECT FROM users u WHERE ${IS_DUE} AND u.id = $2`;

const ROW_RETENTION_MS = 90 * DAY_MS;

/** Rows of erased guests, whose last activity is the erasure. Messages and sanctions still need the row of their author. */
const UNUSED: Purge = {
  job: `${JOB}/rows`,
  table: "users",
  key: { column: "id", type: "uuid" },
  due: `kind = 'guest' AND last_seen_at < $1 AND erased_at < $1
    AND NOT EXISTS (SELECT FROM messages m WHERE m.author_id = users.id) AND NOT EXISTS (SELECT FROM moderation_actions s WHERE s.user_id = users.id)
    AND NOT EXISTS (SELECT FROM reports r WHERE r.reporter_id = users.id)`,
};

/**
 * Erases guests 24 hours after their last activity: sessions, name, languages, memberships. Their messages stay under "Former guest", or
 * are removed if the lounge is configured so. The row is marked as erased last, so that an interrupted run is resumed.
 * @returns how many were processed
 * @throws BatchError when some could not be erased; the others are
 */
export async function purgeGuests(
  services: Pick<Services, "db" | "pool" | "now" | "sessions" | "events" | "publish" | "logger">,
  { limit }: { limit: number },
): Promise<number> {
  const idleSince = new Date(services.now().getTime() - limits.guestTokenMs);
  const { rows } = await services.pool.query<{ id: string }>(DUE, [idleSince, limit, services.now()]);
  const purge = async (userId: string): Promise<boolean> => {
    await eraseUser(services, {
      userId,
      displayName: FORMER_GUEST,
      messages: "by_lounge",
      // The guest may have returned or signed up since the query.
      isStillDue: async (client) => ((await client.query(STILL_DUE, [idleSince, userId])).rowCount ?? 0) > 0,
    });
    return true;
  };
  return processEach(services, { job: JOB, keys: rows.map(({ id }) => id), work: purge });
}

/** Removes the empty rows of guests who were erased 90 days ago and left neither messages nor sanctions. @returns how many */
export const purgeErasedGuests = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, UNUSED, { before: ago(services, ROW_RETENTION_MS), limit });
