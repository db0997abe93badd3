import type pg from "pg";
import type { Services } from "../../context.ts";
import { changeRoom } from "./change.ts";
import { emptyMessages } from "./delete.ts";

const FIND = `
  SELECT id FROM messages WHERE room_id = $1 AND author_id = $2 AND deleted_at IS NULL AND seq IS NOT NULL ORDER BY seq LIMIT $3`;

/** Messages per batch. The room is locked for a batch; short ones let messages be sent in between. */
const BATCH = 200;

/** Permanently deletes the oldest messages of an author: no one, including staff, can read them afterwards. */
async function deleteBatch(tx: pg.PoolClient, { authorId, roomId }: { authorId: string; roomId: string }): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(FIND, [roomId, authorId, BATCH]);
  const ids = rows.map(({ id }) => id);
  await emptyMessages(tx, ids);
  await tx.query("DELETE FROM message_versions WHERE message_id = ANY($1::uuid[])", [ids]);
  return ids;
}

/**
 * Deletes an author's messages in a room, in batches: each becomes a tombstone with its own number and is published.
 * @returns the number of messages deleted
 */
export async function tombstoneMessagesOf(
  services: Pick<Services, "pool" | "events">,
  where: { authorId: string; roomId: string },
): Promise<number> {
  for (let total = 0; ; ) {
    const batch = await changeRoom(services, where.roomId, (tx) => deleteBatch(tx, where));
    if (batch === null) return total;
    total += batch.messages.length;
  }
}
