import type pg from "pg";
import { AppError } from "../../../utils/errors.ts";
import { presentSent } from "../present.ts";
import { readByKeys, type SentRow } from "../queries.ts";
import type { Draft } from "./draft.ts";
import { keyOf, type PendingWrite } from "./pending-writes.ts";

const isSame = (draft: Draft, row: SentRow): boolean =>
  draft.roomId === row.room_id && draft.text === row.sent_text && (draft.replyTo?.id ?? null) === row.reply_to_id;

function answer({ draft, resolve, reject }: PendingWrite, row: SentRow | undefined): void {
  if (row === undefined) reject(new AppError(draft.conversation?.peerId == null ? "not_found" : "cannot_message"));
  else if (!isSame(draft, row) || row.deleted_at !== null) reject(new AppError("idempotency_conflict"));
  else resolve(presentSent(row));
}

/**
 * Settles drafts that a commit omitted permanently: a repeat gets the message that was sent first under its key, or `idempotency_conflict` if
 * its content differs; a draft without such a message was not allowed, or its room does not exist.
 */
export async function answerDuplicates(pool: pg.Pool, repeats: readonly PendingWrite[]): Promise<void> {
  if (repeats.length === 0) return;
  const keys = repeats.map(({ draft }) => ({ authorId: draft.author.id, clientMessageId: draft.clientMessageId }));
  const byKey = new Map((await readByKeys(pool, keys)).map((row) => [`${row.author_id}:${row.client_message_id}`, row]));
  for (const repeat of repeats) answer(repeat, byKey.get(keyOf(repeat.draft)));
}
