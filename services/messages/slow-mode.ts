import { inTransaction } from "../../prisma/transaction.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";

/**
 * One statement, so that only one of two concurrent messages gets the slot, on any nodes. Returns when it was taken, and the previous
 * slot; a concurrent slot in between would have made this statement fail.
 */
const TAKE = `
  WITH before AS (SELECT last_sent_at FROM room_members WHERE room_id = $1 AND user_id = $2)
  INSERT INTO room_members (room_id, user_id, last_sent_at) VALUES ($1, $2, now())
  ON CONFLICT (room_id, user_id) DO UPDATE SET last_sent_at = now()
    WHERE room_members.last_sent_at IS NULL OR room_members.last_sent_at <= now() - make_interval(secs => $3)
  RETURNING last_sent_at AS "takenAt", (SELECT last_sent_at FROM before) AS "previousAt"`;

const WAIT = `
  SELECT ceil(extract(epoch FROM last_sent_at + make_interval(secs => $3) - now()) * 1000)::int AS wait
  FROM room_members WHERE room_id = $1 AND user_id = $2`;

/** A commit in progress has locked the room's row: this waits until it is known whether the message was committed. */
const AWAIT_COMMIT = "SELECT FROM rooms WHERE id = $1 FOR SHARE";
const LOCK_TIMEOUT = "SET LOCAL lock_timeout = '2s'";

/** A slot stays taken if it was used: if a message of the user, including one in review, is as new as the slot. */
const RELEASE = `
  UPDATE room_members SET last_sent_at = $4 WHERE room_id = $1 AND user_id = $2 AND last_sent_at = $3
    AND NOT EXISTS (SELECT FROM messages m WHERE m.room_id = $1 AND m.author_id = $2 AND m.created_at >= $3)`;

type Slot = { readonly takenAt: Date; readonly previousAt: Date | null };

/**
 * Restores the previous slot, unless a message was committed in this one. If that cannot be determined within 2 s, the slot stays taken.
 * Never fails.
 */
async function releaseSlot(
  { pool, actor, logger }: Ctx<"pool" | "logger">,
  room: RoomRecord,
  { takenAt, previousAt }: Slot,
): Promise<void> {
  try {
    await inTransaction(pool, async (client) => {
      await client.query(LOCK_TIMEOUT);
      await client.query(AWAIT_COMMIT, [room.id]);
      await client.query(RELEASE, [room.id, actor.id, takenAt, previousAt]);
    });
  } catch (error) {
    logger.warn("could not release a slow mode slot", { roomId: room.id, error });
  }
}

/**
 * Takes the slot to write in a room in slow mode, for users to whom `isSlowModeLimited` applies.
 * @returns a function that releases the slot, to be called when no new message was committed: after an error, whatever its outcome, and
 * after a repeat that was answered with an earlier message
 * @throws AppError `slow_mode { retryAfterMs }`
 */
export async function takeSlot(ctx: Ctx<"pool" | "logger">, room: RoomRecord): Promise<() => Promise<void>> {
  const { pool, actor } = ctx;
  const values = [room.id, actor.id, room.slowModeMs / 1_000];
  const [slot] = (await pool.query<Slot>(TAKE, values)).rows;
  if (slot === undefined) {
    const { rows } = await pool.query<{ wait: number }>(WAIT, values);
    throw new AppError("slow_mode", { retryAfterMs: Math.max(1, rows[0]?.wait ?? room.slowModeMs) });
  }
  return () => releaseSlot(ctx, room, slot);
}
