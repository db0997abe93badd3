import type { ReplyToDto } from "../../utils/contract/schemas/messages.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { roomForMember } from "../rooms/access.ts";

/** The parent message of a reply, and its author. */
export type Answered = { readonly replyTo: ReplyToDto; readonly authorId: string };

type Row = { id: string; room_id: string; seq: number; text: string; author_id: string; author_name: string };

const FIND = `
  SELECT m.id, m.room_id, m.seq, m.text, m.author_id, u.display_name AS author_name FROM messages m JOIN users u ON u.id = m.author_id
  WHERE m.id = $1 AND m.deleted_at IS NULL AND m.moderation = 'approved'`;

/** Whether the actor may read a room. */
async function mayRead(ctx: Ctx<"rooms" | "conversations">, roomId: string): Promise<boolean> {
  try {
    await roomForMember(ctx, roomId);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code !== "unavailable") return false;
    throw error;
  }
}

/**
 * Finds the parent message of a reply.
 * @throws AppError `not_found` if it no longer exists, also if it is in a room that the actor may not read; `reply_other_room`
 */
export async function findAnswered(ctx: Ctx<"pool" | "rooms" | "conversations">, roomId: string, messageId: string): Promise<Answered> {
  const { rows } = await ctx.pool.query<Row>({ name: "reply-find", text: FIND, values: [messageId] });
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found");
  if (row.room_id !== roomId) throw new AppError((await mayRead(ctx, row.room_id)) ? "reply_other_room" : "not_found");
  return { replyTo: { id: row.id, seq: row.seq, authorName: row.author_name, excerpt: excerptOf(row.text) }, authorId: row.author_id };
}
