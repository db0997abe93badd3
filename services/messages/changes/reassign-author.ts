import type { Prisma } from "../../../prisma/generated/client.ts";
import type { LiveMessageDto } from "../../../utils/contract/schemas/messages.ts";
import type { Services } from "../../context.ts";
import { lockRoom } from "../../rooms/lock-room.ts";
import { type MessageRow, presentLiveMessage, presentMessage } from "../present.ts";
import { BY_IDS, readByIds } from "../queries.ts";

/** The previous and the new author. */
export type Move = { readonly fromId: string; readonly toId: string };

/** Messages per batch. The room is locked for a batch; short ones let messages be sent in between. */
export const MOVE_BATCH = 200;

/** The key of a message must be unique per author: if the new author used it too, the message gets another one. */
const KEY = `CASE WHEN EXISTS (SELECT FROM messages o WHERE o.author_id = $3::uuid AND o.client_message_id = m.client_message_id)
  THEN gen_random_uuid() ELSE m.client_message_id END`;

const MOVE = `
  WITH mine AS (
    SELECT m.id, row_number() OVER (ORDER BY m.seq) AS place FROM messages m
    WHERE m.room_id = $1::uuid AND m.author_id = $2::uuid AND m.deleted_at IS NULL AND m.seq IS NOT NULL
    ORDER BY m.seq LIMIT $4::int
  ), moved AS (
    UPDATE messages m SET author_id = $3::uuid, client_message_id = ${KEY}, changed_seq = r.last_seq + g.place
    FROM mine g, rooms r WHERE m.id = g.id AND r.id = $1::uuid
    RETURNING m.id, m.changed_seq
  ), counted AS (
    UPDATE rooms SET last_seq = last_seq + (SELECT count(*) FROM mine) WHERE id = $1::uuid
  )
  SELECT id FROM moved`;

const ROOMS = `
  SELECT DISTINCT room_id FROM messages WHERE author_id = $1::uuid AND deleted_at IS NULL AND seq IS NOT NULL ORDER BY room_id`;

/** Tombstones do not show their author, and a message that waits for approval is published when it is approved. */
const MOVE_UNSEEN = `
  UPDATE messages m SET author_id = $3::uuid, client_message_id = ${KEY}
  WHERE m.id IN (SELECT id FROM messages WHERE author_id = $2::uuid AND (deleted_at IS NOT NULL OR seq IS NULL) LIMIT $1::int)`;

/** Returns the rooms with messages of an author, in the order in which rooms are locked. */
export const roomsOfAuthor = async (db: Prisma.TransactionClient, authorId: string): Promise<string[]> =>
  (await db.$queryRawUnsafe<{ room_id: string }[]>(ROOMS, authorId)).map((row) => row.room_id);

/**
 * Reassigns the oldest messages of one author in a room to another author, in a transaction: each change takes the next number.
 * @returns the changed messages, in the order of their changes; fewer than `MOVE_BATCH` after the last one
 */
export async function reassignMessages(tx: Prisma.TransactionClient, roomId: string, { fromId, toId }: Move): Promise<LiveMessageDto[]> {
  // The lock comes first, in a separate statement: the numbering below must see everything numbered before it.
  await lockRoom(tx, roomId);
  const moved = await tx.$queryRawUnsafe<{ id: string }[]>(MOVE, roomId, fromId, toId, MOVE_BATCH);
  const ids = moved.map(({ id }) => id);
  const rows = await tx.$queryRawUnsafe<MessageRow[]>(BY_IDS, ids);
  return rows.map(presentLiveMessage);
}

/** Does the same for unpublished messages and tombstones. @returns how many; fewer than `MOVE_BATCH` after the last one */
export const reassignUnpublished = (tx: Prisma.TransactionClient, { fromId, toId }: Move, limit = MOVE_BATCH): Promise<number> =>
  tx.$executeRawUnsafe(MOVE_UNSEEN, limit, fromId, toId);

/** Does the same for all messages at once. */
export const reassignAllUnpublished = (tx: Prisma.TransactionClient, move: Move): Promise<number> => reassignUnpublished(tx, move, ALL);

/** The reassigned messages of one room, in the order of their new numbers, which follow `fromSeq`. */
export type Moved = { readonly roomId: string; readonly fromSeq: number; readonly ids: readonly string[] };

/** More messages than any author has in a room. */
const ALL = 2_147_483_647;

/**
 * Does the same for all messages of one author in a room, in one statement: the room is locked until the end of the transaction, so this
 * should be its last step.
 */
export async function reassignAllMessages(tx: Prisma.TransactionClient, roomId: string, { fromId, toId }: Move): Promise<Moved> {
  const fromSeq = (await lockRoom(tx, roomId)) ?? 0;
  const moved = await tx.$queryRawUnsafe<{ id: string }[]>(`${MOVE} ORDER BY changed_seq`, roomId, fromId, toId, ALL);
  return { roomId, fromSeq, ids: moved.map(({ id }) => id) };
}

/** Messages per published batch: reading, encoding and sending it keeps the event loop busy for a few ms. */
const PUBLISH_BATCH = 50;

/**
 * Publishes reassigned messages in batches, after the commit. Messages that were changed again since are skipped: the batch of that change
 * contains them.
 */
export async function publishReassigned(
  { pool, events }: Pick<Services, "pool" | "events">,
  { roomId, fromSeq, ids }: Moved,
): Promise<void> {
  for (let start = 0; start < ids.length; start += PUBLISH_BATCH) {
    const slice = ids.slice(start, start + PUBLISH_BATCH);
    const batch = { roomId, fromSeq: fromSeq + start, toSeq: fromSeq + start + slice.length };
    const messages = (await readByIds(pool, slice)).map(presentMessage).filter(({ changedSeq }) => changedSeq <= batch.toSeq);
    events.publish("roomChanged", { ...batch, messages });
  }
}

/** Publishes the reassigned messages of one room; to be called after the commit. */
export function publishReassignedBatch({ events }: Pick<Services, "events">, messages: readonly LiveMessageDto[]): void {
  const first = messages[0];
  const last = messages.at(-1);
  if (first === undefined || last === undefined) return;
  events.publish("roomChanged", { roomId: first.roomId, fromSeq: first.changedSeq - 1, toSeq: last.changedSeq, messages });
}
