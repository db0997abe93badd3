import type { ReplyToDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import type { Ctx } from "../context.ts";
import { excerptOf } from "./present.ts";

/** What a message answers, and who wrote that. */
export type Answered = { readonly replyTo: ReplyToDto; readonly authorId: string };

type Row = { id: string; room_id: string; seq: number; text: string; author_id: string; author_name: string };

const FIND = `
  SELECT m.id, m.room_id, m.seq, m.text, m.author_id, u.display_name AS author_name FROM messages m JOIN users u ON u.id = m.author_id
  WHERE m.id = $1 AND m.deleted_at IS NULL AND m.moderation = 'approved'`;

/**
 * Finds what a message is to answer. Of another room nothing is told but that it is another, to whom names it by its id.
 * @throws AppError `not_found` where there is no such message any more, `reply_other_room`
 */
export async function findAnswered(ctx: Ctx, roomId: string, messageId: string): Promise<Answered> {
  const { rows } = await ctx.pool.query<Row>({ name: "reply-find", text: FIND, values: [messageId] });
  const [row] = rows;
  if (row === undefined) throw new AppError("not_found");
  if (row.room_id !== roomId) throw new AppError("reply_other_room");
  return { replyTo: { id: row.id, seq: row.seq, authorName: row.author_name, excerpt: excerptOf(row.text) }, authorId: row.author_id };
}
