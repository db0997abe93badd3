import type pg from "pg";
import type { PresenceDto } from "../../utils/contract/schemas/presence.ts";

const SAVE = `
  UPDATE users u SET presence_status = s.status::presence_status, last_seen_at = greatest(u.last_seen_at, s.last_seen_at)
  FROM unnest($1::uuid[], $2::text[], $3::timestamptz[]) AS s(id, status, last_seen_at) WHERE u.id = s.id`;

/** Persists status and last activity of users, for restarts and for other nodes. */
export async function persistPresence(pool: pg.Pool, people: readonly PresenceDto[]): Promise<void> {
  if (people.length === 0) return;
  await pool.query({
    name: "presence-save",
    text: SAVE,
    values: [people.map((one) => one.id), people.map((one) => one.status), people.map((one) => one.lastSeenAt)],
  });
}
