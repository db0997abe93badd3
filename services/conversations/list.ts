import type { ConversationDto, ListConversationsInput } from "../../utils/contract/schemas/conversations.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import { END_OF_TIME, readTimeCursor, writeTimeCursor } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { IS_RECIPIENT } from "./conversation-cache.ts";
import { presentViews } from "./present.ts";
import { readViews } from "./read.ts";

/**
 * Sorted by the latest message. An empty direct conversation is only listed for the user who opened it. A user has few conversations: they
 * are sorted for each query, so that no message has to maintain an order.
 */
const LIST = `
  SELECT * FROM (
    SELECT m.room_id, CASE WHEN ${IS_RECIPIENT} THEN coalesce(newest.created_at, r.created_at) ELSE m.joined_at END AS active_at
    FROM room_members m JOIN rooms r ON r.id = m.room_id
    LEFT JOIN LATERAL (
      SELECT x.created_at FROM messages x WHERE x.room_id = r.id AND x.seq IS NOT NULL ORDER BY x.seq DESC LIMIT 1
    ) newest ON true
    WHERE m.user_id = $1 AND m.state = $2::member_state AND r.kind <> 'language'
      AND (r.kind = 'group' OR r.last_seq > 0 OR r.owner_id = $1)
  ) mine
  WHERE (active_at, room_id) < ($3::timestamptz, $4::uuid) ORDER BY active_at DESC, room_id DESC LIMIT $5`;

type Row = { room_id: string; active_at: Date };

/** Lists the actor's conversations, latest message first: either accepted ones or requests. */
export async function listConversations(ctx: Ctx<"pool" | "now">, input: ListConversationsInput): Promise<Page<ConversationDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const before = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const values = [ctx.actor.id, input.state ?? "active", new Date(before.ms), before.id, limit + 1];
  const { rows } = await ctx.pool.query<Row>({ name: "conversations-list", text: LIST, values });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  const pairs = page.map(({ room_id }) => ({ roomId: room_id, userId: ctx.actor.id }));
  const views = new Map(
    presentViews(await readViews(ctx.pool, pairs, ctx.now())).map(({ conversation }) => [conversation.id, conversation]),
  );
  return {
    items: page.flatMap(({ room_id }) => views.get(room_id) ?? []),
    nextCursor: last ? writeTimeCursor({ ms: last.active_at.getTime(), id: last.room_id }) : null,
  };
}
