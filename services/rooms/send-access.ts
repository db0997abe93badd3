import type pg from "pg";
import { AppError } from "../../utils/errors.ts";
import type { WriteAccess } from "../conversations/conversation-cache.ts";
import type { RoomRecord } from "./room-cache.ts";

const ACCESS = "SELECT conversation_write_access($1, $2) AS access";

/** Returns whether a user may currently write in a room; requires a transaction that has locked the room. */
export async function readWriteAccess(tx: pg.PoolClient, roomId: string, userId: string): Promise<WriteAccess> {
  const { rows } = await tx.query<{ access: WriteAccess }>({ name: "write-access", text: ACCESS, values: [roomId, userId] });
  return rows[0]?.access ?? "denied";
}

/**
 * Checks that a user may send a message in a room, including the one message of a request. Requires a transaction that has locked the
 * room. In language rooms everyone who may enter may write.
 * @throws AppError `cannot_message`
 */
export async function requireSendAccess(tx: pg.PoolClient, room: RoomRecord, userId: string): Promise<void> {
  if (room.kind === "language") return;
  if ((await readWriteAccess(tx, room.id, userId)) === "denied") throw new AppError("cannot_message");
}
