import type pg from "pg";
import { inTransaction } from "../../prisma/transaction.ts";
import type { MessageDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx, Services } from "../context.ts";
import type { Batch } from "../realtime/batch.ts";
import { roomForMember } from "../rooms/access.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { type MessageRow, presentMessage } from "./present.ts";
import { readByIds } from "./queries.ts";

/** What a change touched: nothing at all, the message, or the replies too, which show its beginning. */
export type Touched = "nothing" | "message" | "message and replies";

/** Changes one message within a transaction that holds its room's counter. The row is as of now. */
export type Change = (tx: pg.PoolClient, message: MessageRow, room: RoomFacts) => Promise<Touched>;

/** A transaction that holds a room's counter takes numbers of it for messages that it changed. */
const NUMBER = `
  WITH changed AS (SELECT id, row_number() OVER (ORDER BY place) AS place FROM unnest($2::uuid[]) WITH ORDINALITY AS c(id, place)),
  counted AS (
    UPDATE rooms SET last_seq = last_seq + cardinality($2::uuid[]) WHERE id = $1 RETURNING last_seq - cardinality($2::uuid[]) AS base
  )
  UPDATE messages m SET changed_seq = counted.base + changed.place FROM changed, counted WHERE m.id = changed.id`;

const REPLIES = "SELECT id FROM messages WHERE reply_to_id = ANY($1::uuid[]) AND deleted_at IS NULL AND seq IS NOT NULL ORDER BY seq";

/** Holds a room's counter until the end of the transaction. In a statement of its own: what follows sees all that was numbered before. */
export const lockRoom = (tx: pg.PoolClient, roomId: string) => tx.query("SELECT FROM rooms WHERE id = $1 FOR NO KEY UPDATE", [roomId]);

/** The messages that answer some others. */
export const repliesTo = async (tx: pg.PoolClient, ids: readonly string[]): Promise<string[]> =>
  (await tx.query<{ id: string }>(REPLIES, [ids])).rows.map(({ id }) => id);

/** Gives messages of one room the next numbers, in the order given. @returns what the room is to be told, once it is committed */
export async function numberChanges(tx: pg.PoolClient, roomId: string, ids: readonly string[]): Promise<Batch | null> {
  if (ids.length === 0) return null;
  await tx.query(NUMBER, [roomId, ids]);
  const messages = (await readByIds(tx, ids)).map(presentMessage);
  const toSeq = messages.at(-1)?.changedSeq ?? 0;
  return { roomId, fromSeq: toSeq - messages.length, toSeq, messages };
}

/** Changes messages of one room in one transaction and announces them when it is committed. */
export async function changeRoom(
  { pool, feed }: Pick<Services, "pool" | "feed">,
  roomId: string,
  work: (tx: pg.PoolClient) => Promise<readonly string[]>,
): Promise<Batch | null> {
  const batch = await inTransaction(pool, async (tx) => {
    await lockRoom(tx, roomId);
    return numberChanges(tx, roomId, await work(tx));
  });
  if (batch) feed.announce(batch);
  return batch;
}

/**
 * Finds a message that the actor may read, with its room.
 * @throws AppError `not_found` where there is none, it is deleted or waits for approval; the refusals of the room's door
 */
export async function messageForMember(ctx: Ctx, messageId: string): Promise<{ message: MessageRow; room: RoomFacts }> {
  const [message] = await readByIds(ctx.pool, [messageId]);
  if (message === undefined) throw new AppError("not_found");
  const room = await roomForMember(ctx, message.room_id);
  if (message.deleted_at !== null || message.moderation !== "approved") throw new AppError("not_found");
  return { message, room };
}

/**
 * Changes one message: it takes the next number of its room, and so do its replies where they show the change. Announced once
 * it is committed. A change that finds nothing to do takes no number.
 * @returns the message as it is now
 * @throws AppError as `messageForMember`, and what the change refuses
 */
export async function changeMessage(ctx: Ctx, messageId: string, change: Change): Promise<MessageDto> {
  const { room } = await messageForMember(ctx, messageId);
  let found: MessageRow | undefined;
  const batch = await changeRoom(ctx, room.id, async (tx) => {
    [found] = await readByIds(tx, [messageId]);
    if (found === undefined || found.deleted_at !== null || found.moderation !== "approved") throw new AppError("not_found");
    const touched = await change(tx, found, room);
    if (touched === "nothing") return [];
    return touched === "message" ? [messageId] : [messageId, ...(await repliesTo(tx, [messageId]))];
  });
  const now = batch?.messages.find(({ id }) => id === messageId);
  if (now) return now;
  if (found === undefined) throw new AppError("not_found");
  return presentMessage(found);
}
