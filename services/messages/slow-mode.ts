import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { waitsInSlowMode } from "./policy.ts";

/** One statement, so that of two messages at once, on whatever nodes, one takes the turn. */
const TAKE = `
  INSERT INTO room_members (room_id, user_id, last_sent_at) VALUES ($1, $2, now())
  ON CONFLICT (room_id, user_id) DO UPDATE SET last_sent_at = now()
    WHERE room_members.last_sent_at IS NULL OR room_members.last_sent_at <= now() - make_interval(secs => $3)
  RETURNING 1`;

const WAIT = `
  SELECT ceil(extract(epoch FROM last_sent_at + make_interval(secs => $3) - now()) * 1000)::int AS wait
  FROM room_members WHERE room_id = $1 AND user_id = $2`;

const GIVE_BACK = "UPDATE room_members SET last_sent_at = NULL WHERE room_id = $1 AND user_id = $2";

/**
 * Takes the turn to write in a room in slow mode.
 * @returns what gives it back, when nothing was sent after all
 * @throws AppError `slow_mode { retryAfterMs }`
 */
export async function takeTurn({ pool, actor }: Ctx, room: RoomFacts): Promise<() => Promise<void>> {
  if (!waitsInSlowMode(actor, room)) return async () => undefined;
  const place = [room.id, actor.id, room.slowModeMs / 1_000];
  const { rowCount } = await pool.query(TAKE, place);
  if (rowCount === 0) {
    const { rows } = await pool.query<{ wait: number }>(WAIT, place);
    throw new AppError("slow_mode", { retryAfterMs: Math.max(1, rows[0]?.wait ?? room.slowModeMs) });
  }
  return async () => void (await pool.query(GIVE_BACK, place.slice(0, 2)));
}
