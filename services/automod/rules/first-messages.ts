import { LRUCache } from "lru-cache";
import type pg from "pg";
import { createBatchingCache } from "../../../utils/async/batching-cache.ts";
import type { Rule } from "./rule.ts";

/** Finds out whether an author's message is one of their first in a scope. */
type FirstMessages = {
  /** Whether fewer than the rule's threshold of the author's messages were published in its scope. */
  isFirst(rule: Rule, authorId: string): Promise<boolean>;
};

/** How many of an author's messages are counted. An author with more of them, in any room, is no newcomer. */
const COUNTED = 2_000;

/** How many authors with enough messages are remembered, and for how long, in ms: their messages may be deleted. */
const REMEMBERED = 20_000;
const REMEMBER_MS = 10 * 60_000;

const COUNT = `
  SELECT k.at::int AS at, (c.total >= ${COUNTED} OR c.inside >= k.threshold) AS "isEnough"
  FROM unnest($1::text[], $2::uuid[], $3::int[], $4::uuid[]) WITH ORDINALITY AS k(scope, id, threshold, author, at)
  CROSS JOIN LATERAL (
    SELECT count(*) AS total, count(*) FILTER (
      WHERE r.kind = 'language' AND CASE k.scope WHEN 'site' THEN true WHEN 'room' THEN r.id = k.id ELSE r.lounge_id = k.id END) AS inside
    FROM (
      SELECT room_id FROM messages WHERE author_id = k.author AND seq IS NOT NULL AND deleted_at IS NULL LIMIT ${COUNTED}
    ) m JOIN rooms r ON r.id = m.room_id
  ) c`;

const keyOf = ({ scope, threshold }: Rule, authorId: string): string => [scope.kind, scope.id ?? "", threshold ?? 1, authorId].join(" ");

/** Counts the messages for several keys in one query. */
async function load(pool: pg.Pool, keys: readonly string[]): Promise<Map<string, boolean>> {
  const parts = keys.map((key) => key.split(" "));
  const column = (place: number) => parts.map((part) => part[place] || null);
  const values = [column(0), column(1), column(2), column(3)];
  const { rows } = await pool.query<{ at: number; isEnough: boolean }>({ name: "automod-first-messages", text: COUNT, values });
  return new Map(rows.map(({ at, isEnough }) => [keys[at - 1] ?? "", isEnough]));
}

/** Creates the look-up. Only authors who are past their first messages are remembered. */
export function createFirstMessages(pool: pg.Pool): FirstMessages {
  const counts = createBatchingCache<boolean>({ load: (keys) => load(pool, keys), freshMs: 0 });
  const experienced = new LRUCache<string, true>({ maxSize: REMEMBERED, sizeCalculation: () => 1, ttl: REMEMBER_MS, perf: performance });
  return {
    async isFirst(rule, authorId) {
      const key = keyOf(rule, authorId);
      if (experienced.has(key)) return false;
      const isEnough = (await counts.get(key)) ?? false;
      if (isEnough) experienced.set(key, true);
      return !isEnough;
    },
  };
}
