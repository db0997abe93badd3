import type pg from "pg";
import { inTransaction } from "../../prisma/transaction.ts";
import { limits } from "../../utils/contract/limits.ts";
import { newId } from "../../utils/ids.ts";
import type { Ctx, Services } from "../context.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { isStaff } from "../users/policy.ts";
import { strangersIn, writersIn } from "./stranger-texts.ts";
import { isNearCopy, lookOf, type TextLook } from "./text-similarity.ts";

/** A text, and where it is to be seen. */
type Said = { readonly room: RoomRecord; readonly text: string };

/** A text about to be sent, and the strangers who would receive it. */
type Sent = { readonly roomId: string; readonly strangers: readonly string[]; readonly look: TextLook };

/** What `reviewText` needs of a call. */
type Reviewer = Pick<Ctx, "actor" | "conversations" | "pool">;

/** The texts of one author are reviewed one after the other, on whatever node. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('stranger texts ' || $1::text, 0))";

const RECENT = `
  SELECT room_id, recipient_ids, text_hash::text AS hash, words, shingles FROM stranger_texts
  WHERE author_id = $1 AND created_at > now() - make_interval(secs => $2)`;

const RECORD = `
  INSERT INTO stranger_texts (id, author_id, room_id, recipient_ids, text_hash, words, shingles)
  VALUES ($1, $2, $3, $4::uuid[], $5::bigint, $6::int[], $7::int[])`;

/** The newest texts of an author that are kept for each room: what one person sends to one conversation stays bounded. */
const KEPT_TEXTS = 50;

const TRIM = `
  DELETE FROM stranger_texts WHERE id IN (
    SELECT id FROM stranger_texts WHERE author_id = $1 AND room_id = $2 ORDER BY created_at DESC, id DESC OFFSET ${KEPT_TEXTS})`;

type Row = TextLook & { room_id: string; recipient_ids: string[] };

/** The strangers who received this text or a near-copy of it within a day and have not written back, with those who would receive it now. */
async function reachedBy(tx: pg.PoolClient, authorId: string, { strangers, look }: Sent): Promise<Set<string>> {
  const { rows } = await tx.query<Row>({ name: "review-recent", text: RECENT, values: [authorId, limits.strangerWindowMs / 1_000] });
  const copies = rows.filter((row) => isNearCopy(row, look));
  const answered = await writersIn(tx, [...new Set(copies.map(({ room_id }) => room_id))], authorId);
  const earlier = copies.flatMap(({ room_id, recipient_ids }) => recipient_ids.filter((userId) => !answered.has(`${room_id} ${userId}`)));
  return new Set([...strangers, ...earlier]);
}

async function judge(tx: pg.PoolClient, authorId: string, sent: Sent): Promise<"approved" | "pending"> {
  await tx.query(LOCK, [authorId]);
  const reached = await reachedBy(tx, authorId, sent);
  const { roomId, strangers, look } = sent;
  await tx.query(RECORD, [newId(), authorId, roomId, strangers, look.hash, look.words, look.shingles]);
  await tx.query(TRIM, [authorId, roomId]);
  return reached.size >= limits.strangersOfText ? "pending" : "approved";
}

/**
 * Decides what becomes of a text, and records it: `approved` goes out at once, `pending` waits for the staff. Held is what reaches five
 * people within a day who have not written back to its author, in direct conversations and groups together, near-copies included. What
 * was sent stays recorded when the message is edited or deleted. Bots and staff may write to strangers as they like.
 *
 * To be called before a message is sent or its text replaced, without holding a room: it records in a transaction of its own, and what
 * it recorded stays when the message is rejected afterwards.
 */
export async function checkText(ctx: Reviewer, { room, text }: Said): Promise<"approved" | "pending"> {
  const { actor, pool } = ctx;
  if (room.kind === "language" || actor.kind === "bot" || isStaff(actor)) return "approved";
  const strangers = await strangersIn(ctx, pool, room);
  if (strangers.length === 0) return "approved";
  const sent: Sent = { roomId: room.id, strangers, look: lookOf(text) };
  return inTransaction(pool, (tx) => judge(tx, actor.id, sent));
}

const PURGE = `
  DELETE FROM stranger_texts WHERE id IN (SELECT id FROM stranger_texts WHERE created_at < $1 ORDER BY created_at LIMIT $2)`;

/** Removes recorded texts that no review looks at any more. @returns how many */
export async function purgeStrangerTexts({ pool, now }: Pick<Services, "pool" | "now">, { limit }: { limit: number }): Promise<number> {
  return (await pool.query(PURGE, [new Date(now().getTime() - limits.strangerTextMs), limit])).rowCount ?? 0;
}
