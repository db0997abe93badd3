import type pg from "pg";
import { AppError } from "../../../utils/errors.ts";
import { writeErrorOf } from "../../rooms/send-access.ts";
import { presentSent } from "../present.ts";
import { readByKeys, type SentRow } from "../queries.ts";
import type { Draft } from "./draft.ts";
import { keyOf, type PendingWrite } from "./pending-writes.ts";

const isSame = (draft: Draft, row: SentRow): boolean =>
  draft.roomId === row.room_id && draft.text === row.sent_text && (draft.replyTo?.id ?? null) === row.reply_to_id;

/** Returns the error for a draft that the commit did not store under any key. */
const errorOf = (pool: pg.Pool, { roomId, author, conversation }: Draft): Promise<AppError> =>
  writeErrorOf(pool, { roomId, userId: author.id }, conversation?.peerId == null ? "not_found" : "cannot_message");

async function answer(pool: pg.Pool, { draft, resolve, reject }: PendingWrite, row: SentRow | undefined): Promise<void> {
  if (row === undefined) reject(await errorOf(pool, draft));
  else if (!isSame(draft, row) || row.deleted_at !== null) reject(new AppError("idempotency_conflict"));
  else resolve(presentSent(row));
}

/**
 * Settles drafts that a commit omitted permanently: a repeat gets the message that was sent first under its key, or `idempotency_conflict` if
 * its content differs; a draft without such a message was not allowed (its author is muted, for example), or its room does not exist.
 */
export async function answerDuplicates(pool: pg.Pool, repeats: readonly PendingWrite[]): Promise<void> {
  if (repeats.length === 0) return;
  const keys = repeats.map(({ draft }) => ({ authorId: draft.author.id, clientMessageId: draft.clientMessageId }));
  const byKey = new Map((await readByKeys(pool, keys)).map((row) => [`${row.author_id}:${row.client_message_id}`, row]));
  await Promise.all(repeats.map((repeat) => answer(pool, repeat, byKey.get(keyOf(repeat.draft)))));
}
