import type pg from "pg";
import { inTransaction } from "../../prisma/transaction.ts";
import { limits } from "../../utils/contract/limits.ts";
import { newId } from "../../utils/ids.ts";
import type { Ctx, Services } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { isStaff } from "../users/policy.ts";
import { strangersIn, writersIn } from "./stranger-texts.ts";
import { fingerprintOf, isNearCopy, type TextFingerprint } from "./text-similarity.ts";

/** A text and the room it is sent to. */
type TextInRoom = { readonly room: RoomRecord; readonly text: string };

/** A text to be sent, and the strangers who would receive it. */
type SentText = { readonly roomId: string; readonly strangers: readonly string[]; readonly fingerprint: TextFingerprint };

/** The part of the context that `checkText` needs. */
type Reviewer = Pick<Ctx, "actor" | "conversations" | "pool">;

/** Serializes the reviews of one author's texts across all nodes. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('stranger texts ' || $1::text, 0))";

const RECENT = `
  SELECT room_id, recipient_ids, text_hash::text AS hash, words, shingles FROM stranger_texts
  WHERE author_id = $1 AND created_at > now() - make_interval(secs => $2)`;

const RECORD = `
  INSERT INTO stranger_texts (id, author_id, room_id, recipient_ids, text_hash, words, shingles)
  VALUES ($1, $2, $3, $4::uuid[], $5::bigint, $6::int[], $7::int[])`;

/** How many of an author's latest texts are kept per room, to bound the rows per author and conversation. */
const KEPT_TEXTS = 50;

const TRIM = `
  DELETE FROM stranger_texts WHERE id IN (
    SELECT id FROM stranger_texts WHERE author_id = $1 AND room_id = $2 ORDER BY created_at DESC, id DESC OFFSET ${KEPT_TEXTS})`;

type Row = TextFingerprint & { room_id: string; recipient_ids: string[] };

/** Returns the strangers who received this text or a near-copy within a day and have not replied, plus the current recipients. */
async function reachedBy(tx: pg.PoolClient, authorId: string, { strangers, fingerprint }: SentText): Promise<Set<string>> {
  const { rows } = await tx.query<Row>({ name: "review-recent", text: RECENT, values: [authorId, limits.strangerWindowMs / 1_000] });
  const copies = rows.filter((row) => isNearCopy(row, fingerprint));
  const answered = await writersIn(tx, [...new Set(copies.map(({ room_id }) => room_id))], authorId);
  const earlier = copies.flatMap(({ room_id, recipient_ids }) => recipient_ids.filter((userId) => !answered.has(`${room_id} ${userId}`)));
  return new Set([...strangers, ...earlier]);
}

async function review(tx: pg.PoolClient, authorId: string, sent: SentText): Promise<"approved" | "pending"> {
  await tx.query(LOCK, [authorId]);
  const reached = await reachedBy(tx, authorId, sent);
  const { roomId, strangers, fingerprint } = sent;
  await tx.query(RECORD, [newId(), authorId, roomId, strangers, fingerprint.hash, fingerprint.words, fingerprint.shingles]);
  await tx.query(TRIM, [authorId, roomId]);
  return reached.size >= limits.strangersOfText ? "pending" : "approved";
}

/**
 * Reviews a text and records it. `approved` texts are sent immediately, `pending` ones wait for the staff: those that reach five people
 * within a day who have not replied to the author, counting direct conversations, groups and near-copies together. A sent text stays
 * recorded when its message is edited or deleted. Bots and staff are exempt.
 *
 * Call it before a message is sent or its text replaced, without a room lock: it uses a transaction of its own, and its record stays
 * when the message is rejected afterwards.
 */
export async function checkText(ctx: Reviewer, { room, text }: TextInRoom): Promise<"approved" | "pending"> {
  const { actor, pool } = ctx;
  if (room.kind === "language" || actor.kind === "bot" || isStaff(actor)) return "approved";
  const strangers = await strangersIn(ctx, pool, room);
  if (strangers.length === 0) return "approved";
  const sent: SentText = { roomId: room.id, strangers, fingerprint: fingerprintOf(text) };
  return inTransaction(pool, (tx) => review(tx, actor.id, sent));
}

const PURGE = `
  DELETE FROM stranger_texts WHERE id IN (SELECT id FROM stranger_texts WHERE created_at < $1 ORDER BY created_at LIMIT $2)`;

/** Removes recorded texts that are too old for any review. @returns how many */
export async function purgeStrangerTexts({ pool, now }: Pick<Services, "pool" | "now">, { limit }: { limit: number }): Promise<number> {
  return (await pool.query(PURGE, [new Date(now().getTime() - limits.strangerTextMs), limit])).rowCount ?? 0;
}
