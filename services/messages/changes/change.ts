import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { LiveMessageDto, MessageDto } from "../../../utils/contract/schemas/messages.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx, Services } from "../../context.ts";
import type { Batch } from "../../realtime/batch.ts";
import { roomForMember } from "../../rooms/access.ts";
import { lockRoom } from "../../rooms/lock-room.ts";
import type { RoomRecord } from "../../rooms/room-cache.ts";
import { writeErrorOf } from "../../rooms/send-access.ts";
import { type MessageRow, presentMessage } from "../present.ts";
import { readByIds, readParents } from "../queries.ts";

/** Numbers the changed messages of a room that the transaction has locked. */
const NUMBER = `
  WITH changed AS (SELECT id, row_number() OVER (ORDER BY place) AS place FROM unnest($2::uuid[]) WITH ORDINALITY AS c(id, place)),
  counted AS (
    UPDATE rooms SET last_seq = last_seq + cardinality($2::uuid[]) WHERE id = $1 RETURNING last_seq - cardinality($2::uuid[]) AS base
  )
  UPDATE messages m SET changed_seq = counted.base + changed.place FROM changed, counted WHERE m.id = changed.id`;

/** Gives messages of one room the next numbers, in the order given. @returns the batch to publish after the commit */
export async function numberChanges(tx: pg.PoolClient, roomId: string, ids: readonly string[]): Promise<Batch | null> {
  if (ids.length === 0) return null;
  await tx.query(NUMBER, [roomId, ids]);
  const messages = (await readByIds(tx, ids)).map(presentMessage);
  const toSeq = messages.at(-1)?.changedSeq ?? 0;
  return { roomId, fromSeq: toSeq - messages.length, toSeq, messages };
}

/**
 * Changes several messages of one room in one transaction and publishes them after the commit. For bulk work in bounded batches: the
 * room is locked for all round trips of `work`. A change of one message is one statement instead, see `changeMessage`.
 */
export async function changeRoom(
  { pool, events }: Pick<Services, "pool" | "events">,
  roomId: string,
  work: (tx: pg.PoolClient) => Promise<readonly string[]>,
): Promise<Batch | null> {
  const batch = await inTransaction(pool, async (tx) => {
    await lockRoom(tx, roomId);
    return numberChanges(tx, roomId, await work(tx));
  });
  if (batch) events.publish("roomChanged", batch);
  return batch;
}

/** A message that the actor may read, with its room. */
export type Readable = { readonly message: MessageRow; readonly room: RoomRecord };

/**
 * Finds a message that the actor may read, with its room.
 * @throws AppError `not_found` if it does not exist, is deleted or waits for approval; the errors of entering the room
 */
export async function messageForMember(ctx: Ctx<"pool" | "rooms" | "conversations">, messageId: string): Promise<Readable> {
  const [message] = await readByIds(ctx.pool, [messageId]);
  if (message === undefined) throw new AppError("not_found");
  const room = await roomForMember(ctx, message.room_id);
  if (message.deleted_at !== null || message.moderation !== "approved") throw new AppError("not_found");
  return { message, room };
}

type Outcome = "changed" | "unchanged" | "superseded" | "not_found" | "cannot_message" | "reactions_full" | "pins_full";

/** The columns that a change function of the database returns, see the migration `message_changes`. */
type ChangeRow = { readonly outcome: Outcome } & Pick<
  MessageRow,
  "changed_seq" | "text" | "language_code" | "mentions" | "reactions" | "pinned_at" | "edited_at" | "deleted_at"
>;

/** A call of one change function: its room, message and expected author come first, then these arguments. */
export type ChangeCall = {
  readonly name: "edit_message" | "delete_message" | "pin_message" | "change_reaction";
  readonly values: readonly unknown[];
  /** The limit to report when the outcome is `reactions_full` or `pins_full`. */
  readonly max?: number;
  /** Runs in the same transaction, before the room is locked; for rows that must exist if and only if the change does. */
  readonly extraWork?: (tx: pg.PoolClient) => Promise<void>;
};

/** Decides on a change of the message that was read; the decision is void if the message has another author or text once it is locked. */
export type Decide = (readable: Readable) => ChangeCall | Promise<ChangeCall>;

/** How often a decision is repeated for a message that keeps changing. */
const DECISIONS = 5;

/** Rolls back the additional rows of a change that did not happen. */
class NotChanged extends Error {
  constructor(readonly row: ChangeRow | undefined) {
    super("The change was not applied.");
  }
}

function statementOf({ message, room }: Readable, { name, values }: ChangeCall): pg.QueryConfig {
  const all = [room.id, message.id, message.author_id, ...values];
  return { name, text: `SELECT * FROM ${name}(${all.map((_, at) => `$${at + 1}`).join(", ")})`, values: all };
}

async function run({ pool }: Ctx<"pool">, readable: Readable, call: ChangeCall): Promise<ChangeRow | undefined> {
  const statement = statementOf(readable, call);
  const { extraWork } = call;
  if (extraWork === undefined) return (await pool.query<ChangeRow>(statement)).rows[0];
  try {
    return await inTransaction(pool, async (tx) => {
      await extraWork(tx);
      const [row] = (await tx.query<ChangeRow>(statement)).rows;
      if (row?.outcome !== "changed") throw new NotChanged(row);
      return row;
    });
  } catch (error) {
    if (error instanceof NotChanged) return error.row;
    throw error;
  }
}

/** Reads the parent message after the change was numbered: a later change of the parent is published after this one. */
async function withParent({ pool }: Ctx<"pool">, message: MessageRow): Promise<MessageRow> {
  if (message.reply_to_id === null || message.deleted_at !== null) return message;
  const [parent] = await readParents(pool, [message.reply_to_id]);
  return parent === undefined ? message : { ...message, ...parent };
}

/**
 * Changes one message: the database locks its room, checks and writes the change and numbers it in one round trip. The change is published
 * after the commit. If nothing changes, no number is used.
 * @returns the current message
 * @throws AppError as `messageForMember`, what `decide` throws, `cannot_message`, `reactions_full { max }`, `pins_full { max }`,
 * `unavailable` when the room stays locked, or the message keeps changing
 */
export async function changeMessage(
  ctx: Ctx<"pool" | "rooms" | "conversations" | "events">,
  messageId: string,
  decide: Decide,
): Promise<MessageDto> {
  for (let decision = 0; decision < DECISIONS; decision += 1) {
    const readable = await messageForMember(ctx, messageId);
    const call = await decide(readable);
    const changed = await run(ctx, readable, call);
    if (changed === undefined) throw new AppError("not_found");
    const { outcome, ...columns } = changed;
    if (outcome === "superseded") continue;
    if (outcome === "reactions_full" || outcome === "pins_full") throw new AppError(outcome, { max: call.max });
    if (outcome === "not_found") throw new AppError(outcome);
    if (outcome === "cannot_message") throw await writeErrorOf(ctx.pool, { roomId: readable.room.id, userId: ctx.actor.id }, outcome);
    const message = presentMessage(await withParent(ctx, { ...readable.message, ...columns }));
    const { roomId, changedSeq: toSeq } = message;
    if (outcome === "changed") ctx.events.publish("roomChanged", { roomId, fromSeq: toSeq - 1, toSeq, messages: [message] });
    return message;
  }
  throw new AppError("unavailable", { retryAfterMs: 1_000 });
}

/** Does the same for changes that do not delete the message. @throws AppError as `changeMessage` */
export async function changeLiveMessage(
  ctx: Ctx<"pool" | "rooms" | "conversations" | "events">,
  messageId: string,
  decide: Decide,
): Promise<LiveMessageDto> {
  const message = await changeMessage(ctx, messageId, decide);
  if (message.deletedAt !== null) throw new AppError("not_found");
  return message;
}
