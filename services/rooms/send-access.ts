import type pg from "pg";
import { AppError } from "../../utils/errors.ts";
import type { WriteAccess } from "../conversations/conversation-cache.ts";
import { restrictionError } from "../sanctions/policy.ts";
import { RESTRICTION_JSON, type RestrictionRow } from "../sanctions/restrictions.ts";
import type { RoomRecord } from "./room-cache.ts";

const ACCESS = "SELECT conversation_write_access($1, $2) AS access";

/** Returns whether a user may currently write in a room; requires a transaction that has locked the room. */
export async function readWriteAccess(tx: pg.PoolClient, roomId: string, userId: string): Promise<WriteAccess> {
  const { rows } = await tx.query<{ access: WriteAccess }>({ name: "write-access", text: ACCESS, values: [roomId, userId] });
  return rows[0]?.access ?? "denied";
}

const RESTRICTION = `
  SELECT ${RESTRICTION_JSON} AS restriction FROM active_restrictions a
  WHERE a.user_id = $2 AND CASE a.scope_kind WHEN 'site' THEN true WHEN 'room' THEN a.scope_id = $1
    ELSE a.scope_id = (SELECT r.lounge_id FROM rooms r WHERE r.id = $1) END`;

/** Returns the error for a user whom the database did not let write in a room: their restriction there, or else `fallback`. */
export async function writeErrorOf(
  db: pg.Pool | pg.PoolClient,
  { roomId, userId }: { readonly roomId: string; readonly userId: string },
  fallback: "cannot_message" | "not_found",
): Promise<AppError> {
  const { rows } = await db.query<{ restriction: RestrictionRow }>({
    name: "write-restriction",
    text: RESTRICTION,
    values: [roomId, userId],
  });
  return restrictionError(rows.map(({ restriction }) => restriction)) ?? new AppError(fallback);
}

/**
 * Checks that a user may send a message in a room, including the one message of a request. Requires a transaction that has locked the
 * room. In language rooms everyone who may enter and is not restricted may write.
 * @throws AppError `cannot_message`, `muted { until, rule }`, `banned { until, rule }`, `room_requires_phone`
 */
export async function requireSendAccess(tx: pg.PoolClient, room: RoomRecord, userId: string): Promise<void> {
  if ((await readWriteAccess(tx, room.id, userId)) === "denied")
    throw await writeErrorOf(tx, { roomId: room.id, userId }, "cannot_message");
}
