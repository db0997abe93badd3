import { AppError } from "../../utils/errors.ts";
import type { Ctx, Services } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";

const PAUSED_UNTIL = `
  SELECT max(ends_at) AS until FROM raid_modes
  WHERE ended_at IS NULL AND ends_at > $1 AND scope_kind = 'site' AND 'guests_paused' = ANY(measures)`;

function pausedError(until: Date, now: Date): AppError {
  return new AppError("guests_paused", { until: until.toISOString(), retryAfterMs: Math.max(1, until.getTime() - now.getTime()) });
}

/**
 * Checks that a raid mode of the site does not pause new guests.
 * @throws AppError `guests_paused { until, retryAfterMs }`
 */
export async function requireGuestsAllowed({ pool, now }: Pick<Services, "pool" | "now">): Promise<void> {
  const { rows } = await pool.query<{ until: Date | null }>({ name: "guests-paused", text: PAUSED_UNTIL, values: [now()] });
  const until = rows[0]?.until;
  if (until != null) throw pausedError(until, now());
}

const VISITED = "SELECT FROM room_members WHERE room_id = $1 AND user_id = $2";

/**
 * Checks that a guest does not enter a room for the first time while a raid mode of the room or its lounge pauses guests. Guests who were
 * in the room before keep their access. Without such a raid mode this takes no query.
 * @throws AppError `guests_paused { until, retryAfterMs }`
 */
export async function requireEntry({ actor, pool, now }: Ctx<"pool" | "now">, room: RoomRecord): Promise<void> {
  if (actor.kind !== "guest" || room.raids.length === 0) return;
  const pauses = room.raids.filter(({ scopeKind, measures }) => scopeKind !== "site" && measures.includes("guests_paused"));
  const until = pauses.map(({ endsAt }) => endsAt).sort((a, b) => b.getTime() - a.getTime())[0];
  if (until === undefined || (await pool.query(VISITED, [room.id, actor.id])).rowCount !== 0) return;
  throw pausedError(until, now());
}
