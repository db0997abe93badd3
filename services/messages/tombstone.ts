import { inTransaction } from "../../prisma/transaction.ts";
import type { Services } from "../context.ts";

const MARK = `
  WITH room AS (SELECT id, last_seq FROM rooms WHERE id = $1),
  gone AS (
    SELECT m.id, row_number() OVER (ORDER BY m.seq) AS place FROM messages m
    WHERE m.room_id = $1 AND m.author_id = $2 AND m.deleted_at IS NULL AND m.seq IS NOT NULL
    ORDER BY m.seq LIMIT $3
  ), marked AS (
    UPDATE messages m SET text = '', reactions = '[]', mentions = '{}', pinned_at = NULL, reply_to_id = NULL, deleted_at = now(), changed_seq = r.last_seq + g.place
    FROM gone g, room r WHERE m.id = g.id
    RETURNING m.id, m.room_id, m.seq, m.changed_seq, m.deleted_at
  ), moved AS (
    UPDATE rooms SET last_seq = last_seq + (SELECT count(*) FROM gone) WHERE id = $1
  )
  SELECT * FROM marked ORDER BY changed_seq`;

type Marked = { id: string; room_id: string; seq: number; changed_seq: number; deleted_at: Date };

/** A commit holds a room's counter; shorter ones let talk go on between them. */
const BATCH = 200;

/**
 * Takes an author's messages out of a room: each becomes a tombstone with a number of its own, and every client hears it.
 * @returns how many messages went
 */
export async function tombstoneMessagesOf(services: Services, { authorId, roomId }: { authorId: string; roomId: string }): Promise<number> {
  let total = 0;
  for (;;) {
    const rows = await inTransaction(services.pool, async (client) => {
      // The lock comes first, in a statement of its own: the numbering below must see everything numbered before it.
      await client.query("SELECT 1 FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [roomId]);
      return (await client.query<Marked>(MARK, [roomId, authorId, BATCH])).rows;
    });
    const [first, last] = [rows[0], rows.at(-1)];
    if (first === undefined || last === undefined) return total;
    const messages = rows.map((row) => ({
      id: row.id,
      roomId,
      seq: row.seq,
      changedSeq: row.changed_seq,
      deletedAt: row.deleted_at.toISOString(),
    }));
    services.feed.announce({ roomId, fromSeq: first.changed_seq - 1, toSeq: last.changed_seq, messages });
    total += rows.length;
  }
}
