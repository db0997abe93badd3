import { setImmediate as nextIteration } from "node:timers/promises";
import type pg from "pg";
import { DAY_MS } from "../../../utils/clock.ts";
import type { RuleTestDto } from "../../../utils/contract/schemas/moderation/rules.ts";
import { excerptOf } from "../../../utils/contract/text/excerpt.ts";
import { createMessageCounters } from "../../automod/rules/message-counters.ts";
import { messageTextOf } from "../../automod/rules/message-text.ts";
import { isCounting } from "../../automod/rules/rule.ts";
import { createRuleSet } from "../../automod/rules/rule-set.ts";
import type { Services } from "../../context.ts";
import { type RecentMessage, recentMessages, roomsOfScope } from "./recent-messages.ts";
import type { RuleFields } from "./rule-fields.ts";

/** The limits of a test: messages, time, and how long it runs before other calls get a turn, in ms. */
const MAX_TESTED = 5_000;
const MAX_MS = 1_800;
const SLICE_MS = 5;

const EXAMPLES = 20;

type Matching = Pick<RecentMessage, "id" | "text">;

/** A message of which a counting rule only needs these fields. `hash` is equal for the same text. */
type Counted = Matching & { readonly authorId: string; readonly at: number; readonly hash: string };

type Selection = { readonly rooms: readonly string[] | null; readonly days: number };

const isExempt = ({ exemptRoles }: RuleFields, { role, is_bot }: RecentMessage): boolean => is_bot || exemptRoles.includes(role);

/** Returns a function that yields to the event loop when a slice of work is over. */
function createYield(): () => Promise<void> | undefined {
  let beganAt = performance.now();
  return () => {
    if (performance.now() - beganAt < SLICE_MS) return undefined;
    return nextIteration().then(() => {
      beganAt = performance.now();
    });
  };
}

/** Reads recent messages and passes them to `onMessage`, within the limits of a test. @returns how many there were */
async function forEachRecent(
  { pool, now }: Pick<Services, "pool" | "now">,
  { rooms, days }: Selection,
  onMessage: (message: RecentMessage) => void,
): Promise<number> {
  const end = performance.now() + MAX_MS;
  const yieldIfDue = createYield();
  let tested = 0;
  for await (const message of recentMessages(pool, { rooms, since: new Date(now().getTime() - days * DAY_MS) })) {
    onMessage(message);
    tested += 1;
    if (tested >= MAX_TESTED || performance.now() > end) break;
    await yieldIfDue();
  }
  return tested;
}

/** How many messages authors had before the oldest tested one, up to the rule's threshold, in these rooms or on the whole site. */
const EARLIER = `
  SELECT a.author AS "authorId", (
    SELECT count(*)::int FROM (
      SELECT room_id FROM messages WHERE author_id = a.author AND seq IS NOT NULL AND deleted_at IS NULL AND id < $2 LIMIT 2000
    ) m WHERE $3::uuid[] IS NULL OR m.room_id = ANY($3)
  ) AS count
  FROM unnest($1::uuid[]) AS a(author)`;

async function countsBefore(pool: pg.Pool, counted: readonly Counted[], rooms: readonly string[] | null): Promise<Map<string, number>> {
  const authors = [...new Set(counted.map(({ authorId }) => authorId))];
  const { rows } = await pool.query<{ authorId: string; count: number }>(EARLIER, [authors, counted[0]?.id, rooms]);
  return new Map(rows.map(({ authorId, count }) => [authorId, count]));
}

/** Returns the messages that are among the first of their author. `counted` is in the order of sending. */
async function firstOnes(pool: pg.Pool, { threshold }: RuleFields, counted: readonly Counted[], rooms: readonly string[] | null) {
  const counts = await countsBefore(pool, counted, rooms);
  return counted.filter(({ authorId }) => {
    const before = counts.get(authorId) ?? 0;
    counts.set(authorId, before + 1);
    return before < (threshold ?? 1);
  });
}

/** Returns the messages that exceed the limit of a rule about repetition. */
function exceeding({ kind, threshold, windowMs }: RuleFields, counted: readonly Counted[]): Counted[] {
  let at = 0;
  const counters = createMessageCounters(() => new Date(at));
  return counted.filter((message) => {
    ({ at } = message);
    const key = kind === "flood" ? message.authorId : `${message.authorId} ${message.hash}`;
    return counters.exceeds(key, { threshold: threshold ?? 1, windowMs: windowMs ?? 1 });
  });
}

type Tested = { readonly tested: number; readonly matched: readonly Matching[] };

async function testCounting(services: Pick<Services, "pool" | "now">, rule: RuleFields, selection: Selection): Promise<Tested> {
  const counted: Counted[] = [];
  const tested = await forEachRecent(services, selection, (message) => {
    if (isExempt(rule, message)) return;
    const { id, text, author_id: authorId, created_at: createdAt } = message;
    const hash = rule.kind === "repeat" ? messageTextOf(text, 0).hash() : "";
    counted.push({ id, text: text.slice(0, 1_000), authorId, at: createdAt.getTime(), hash });
  });
  counted.reverse();
  if (counted.length === 0) return { tested, matched: [] };
  const matched =
    rule.kind === "first_messages" ? await firstOnes(services.pool, rule, counted, selection.rooms) : exceeding(rule, counted);
  return { tested, matched: matched.reverse() };
}

async function testContent(services: Pick<Services, "pool" | "now">, rule: RuleFields, selection: Selection): Promise<Tested> {
  const set = createRuleSet([{ ...rule, id: "" }]);
  const matched: Matching[] = [];
  const tested = await forEachRecent(services, selection, (message) => {
    const { id, text, mentions } = message;
    if (isExempt(rule, message) || set.matching(messageTextOf(text, mentions)).length === 0) return;
    matched.push({ id, text: matched.length < EXAMPLES ? text : "" });
  });
  return { tested, matched };
}

/**
 * Tests a rule on the recent messages of the language rooms in its scope, at most 5,000 within 2 s, newest first. Lets other calls take
 * turns meanwhile. Changes nothing.
 */
export async function testOnRecent(
  services: Pick<Services, "pool" | "now">,
  rule: RuleFields,
  { days, roomId }: { readonly days: number; readonly roomId?: string | undefined },
): Promise<RuleTestDto> {
  const rooms = await roomsOfScope(services.pool, roomId === undefined ? rule.scope : { kind: "room", id: roomId });
  const { tested, matched } = await (isCounting(rule) ? testCounting : testContent)(services, rule, { rooms, days });
  const examples = matched.slice(0, EXAMPLES).map(({ id, text }) => ({ messageId: id, excerpt: excerptOf(text) }));
  return { tested, matched: matched.length, examples };
}
