import type pg from "pg";
import type { Services } from "../../context.ts";
import { changeRoom } from "./change.ts";
import { updateReactionSummaries } from "./react.ts";

const ROOMS = `
  SELECT DISTINCT m.room_id FROM reactions r JOIN messages m ON m.id = r.message_id WHERE r.user_id = $1 ORDER BY m.room_id`;

const FIND = `
  SELECT DISTINCT m.id, m.seq FROM reactions r JOIN messages m ON m.id = r.message_id
  WHERE r.user_id = $1 AND m.room_id = $2 ORDER BY m.seq LIMIT $3`;

const MOVE = `
  INSERT INTO reactions (message_id, user_id, emoji, created_at)
  SELECT message_id, $2, emoji, created_at FROM reactions WHERE user_id = $1 AND message_id = ANY($3::uuid[])
  ON CONFLICT DO NOTHING`;

const REMOVE = "DELETE FROM reactions WHERE user_id = $1 AND message_id = ANY($2::uuid[])";

/** Messages per batch. The room is locked for a batch; short ones let messages be sent in between. */
const BATCH = 200;

/** The previous and the new user of the reactions; null deletes them. */
type Move = { readonly fromId: string; readonly toId: string | null };

async function moveBatch(tx: pg.PoolClient, roomId: string, { fromId, toId }: Move): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(FIND, [fromId, roomId, BATCH]);
  const ids = rows.map(({ id }) => id);
  if (toId !== null) await tx.query(MOVE, [fromId, toId, ids]);
  await tx.query(REMOVE, [fromId, ids]);
  await updateReactionSummaries(tx, ids);
  return ids;
}

/** Reassigns a user's reactions to another user, or deletes them; each message takes the next number of its room and is published again. */
export async function reassignReactions(services: Pick<Services, "pool" | "events">, move: Move): Promise<void> {
  const { rows } = await services.pool.query<{ room_id: string }>(ROOMS, [move.fromId]);
  for (const { room_id: roomId } of rows) while ((await changeRoom(services, roomId, (tx) => moveBatch(tx, roomId, move))) !== null);
}
