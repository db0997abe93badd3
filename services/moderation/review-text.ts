import type pg from "pg";
import { limits } from "../../utils/contract/limits.ts";
import type { Ctx } from "../context.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { isStaff } from "../rooms/policy.ts";
import { skeletonOf } from "../users/skeleton.ts";

/** A text, and where it is to be seen. */
type Said = { readonly room: RoomFacts; readonly text: string };

const DAY_MS = 24 * 3_600_000;

/** Whether the other of a direct conversation ever wrote in it; who did is no stranger. */
const ANSWERED = "SELECT FROM messages m WHERE m.room_id = $1 AND m.author_id <> $2 AND m.seq IS NOT NULL LIMIT 1";

/**
 * What somebody lately told others who never wrote back. These are found first, room by room (`OFFSET 0`): an answer is mostly among the
 * first messages of a conversation, and all that one said to friends need not be read.
 */
const TOLD_STRANGERS = `
  WITH strangers AS MATERIALIZED (
    SELECT r.id FROM room_members mine JOIN rooms r ON r.id = mine.room_id AND r.kind = 'direct' AND r.id <> $2
    WHERE mine.user_id = $1
      AND NOT EXISTS (SELECT FROM messages o WHERE o.room_id = r.id AND o.author_id <> $1 AND o.seq IS NOT NULL OFFSET 0)
  )
  SELECT m.room_id, m.text FROM strangers s JOIN messages m ON m.room_id = s.id
  WHERE m.author_id = $1 AND m.created_at > $3 AND m.deleted_at IS NULL`;

/** What a text looks like at a glance: its words alone, or its signs where it has none. */
function lookOf(text: string): string {
  const words = text.replace(/[^\p{L}\p{M}\p{N}]+/gu, " ").trim();
  return skeletonOf(words === "" ? text : words);
}

/**
 * What is to become of a text: `approved` goes out at once, `pending` waits for the staff. Held is what goes to five strangers in a day,
 * however its letters, spaces and punctuation are varied. Bots and the staff may greet whom they like.
 */
export async function reviewText(
  { actor, now }: Pick<Ctx, "actor" | "now">,
  db: pg.Pool | pg.PoolClient,
  { room, text }: Said,
): Promise<"approved" | "pending"> {
  if (room.kind !== "direct" || actor.kind === "bot" || isStaff(actor)) return "approved";
  if ((await db.query({ name: "review-answered", text: ANSWERED, values: [room.id, actor.id] })).rowCount) return "approved";
  const since = new Date(now().getTime() - DAY_MS);
  const { rows } = await db.query<{ room_id: string; text: string }>(TOLD_STRANGERS, [actor.id, room.id, since]);
  const look = lookOf(text);
  const others = new Set(rows.filter((row) => lookOf(row.text) === look).map((row) => row.room_id));
  return others.size + 1 >= limits.strangersOfText ? "pending" : "approved";
}
