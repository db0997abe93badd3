import { toArrayLiteral } from "../../../prisma/pg-array.ts";
import type { Draft } from "./draft.ts";

/**
 * How a commit handles rooms that are locked by another transaction: `skip` omits their drafts, so that they never delay other rooms;
 * `wait` waits for the lock, up to the pool's lock timeout.
 */
export type LockPolicy = "skip" | "wait";

const LOCK = { skip: "FOR NO KEY UPDATE OF r SKIP LOCKED", wait: "FOR NO KEY UPDATE OF r" } as const;

/**
 * One statement, so that a commit is one round trip and one flush to disk: `fresh` drops drafts that are stored already (a conflict after
 * numbering would leave a gap), `locked` locks the rooms in id order (two nodes never deadlock), `numbered` increments their counters, and
 * the rows get their numbers.
 */
const draftsWith = (more = { values: "", names: "" }): string => `
  WITH draft AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[]${more.values})
      WITH ORDINALITY AS t(id, room_id, author_id, client_message_id, text, language_code, reply_to_id, mentions${more.names}, place)
  )`;

/**
 * Whether a draft's key is unused. With `OFFSET 0` the planner assumes half of the keys to be unused in the plan that is kept for all
 * commits; without it, once statistics exist, it assumes almost none, and joins hundreds of drafts pairwise: twice the time.
 */
const IS_NEW = `NOT EXISTS (
  SELECT FROM messages m WHERE m.author_id = d.author_id AND m.client_message_id = d.client_message_id OFFSET 0)`;

/** Assigns drafts the next numbers of their rooms; `amounts` has the count of drafts per room. */
const numbering = (drafts: string, amounts: string): string => `numbered AS (
    UPDATE rooms r SET last_seq = r.last_seq + a.amount FROM ${amounts} a WHERE r.id = a.room_id
    RETURNING r.id, r.last_seq - a.amount AS base
  ), placed AS (
    SELECT d.*, n.base + row_number() OVER (PARTITION BY d.room_id ORDER BY d.place) AS seq
    FROM ${drafts} d JOIN numbered n ON n.id = d.room_id
  )`;

const commitPublic = (policy: LockPolicy): string => `${draftsWith()}, fresh AS (
    SELECT d.* FROM draft d WHERE ${IS_NEW}
  ), counted AS (
    SELECT room_id, count(*) AS amount FROM fresh GROUP BY room_id
  ), locked AS (
    SELECT c.* FROM counted c JOIN rooms r ON r.id = c.room_id ORDER BY r.id ${LOCK[policy]}
  ), ${numbering("fresh", "locked")}`;

/**
 * Does the same for batches with conversations. `access` calls the database's function for write access to a conversation; it is joined
 * with `locked`, so that it runs after the room is locked and sees every block, leave and removal committed before. While a request waits
 * for acceptance only the first draft of its author passes.
 */
const commitPrivate = (policy: LockPolicy): string => `${draftsWith({ values: ", $13::bool[]", names: ", is_private" })}, fresh AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.room_id, d.author_id ORDER BY d.place) = 1 AS is_first FROM draft d WHERE ${IS_NEW}
  ), locked AS MATERIALIZED (
    SELECT r.id FROM (SELECT DISTINCT room_id FROM fresh) f JOIN rooms r ON r.id = f.room_id ORDER BY r.id ${LOCK[policy]}
  ), access AS MATERIALIZED (
    SELECT l.id AS room_id, w.author_id, conversation_write_access(l.id, w.author_id) AS access
    FROM locked l JOIN (SELECT DISTINCT room_id, author_id FROM fresh WHERE is_private) w ON w.room_id = l.id
  ), allowed AS (
    SELECT f.* FROM fresh f JOIN locked l ON l.id = f.room_id
    LEFT JOIN access a ON a.room_id = f.room_id AND a.author_id = f.author_id
    WHERE NOT f.is_private OR a.access = 'granted' OR (a.access = 'first_message_only' AND f.is_first)
  ), counted AS (
    SELECT room_id, count(*) AS amount FROM allowed GROUP BY room_id
  ), ${numbering("allowed", "counted")}`;

const INTO =
  "INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, reply_to_id, mentions, seq, changed_seq)";

const INSERT = `
  ${INTO}
  SELECT id, room_id, author_id, client_message_id, text, language_code, reply_to_id, mentions::uuid[], seq, seq FROM placed
  RETURNING id, seq, created_at`;

/**
 * Does the same for a single message, the most common case: in half the time, because there are no arrays for whose lengths PostgreSQL
 * would create a new plan at each commit.
 */
const commitOne = (policy: LockPolicy): string => `
  WITH numbered AS (
    UPDATE rooms SET last_seq = last_seq + 1
    WHERE id = (SELECT r.id FROM rooms r WHERE r.id = $2 ${LOCK[policy]})
      AND NOT EXISTS (SELECT FROM messages m WHERE m.author_id = $3 AND m.client_message_id = $4)
    RETURNING last_seq AS seq
  )
  ${INTO}
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::uuid, $8::uuid[], seq, seq FROM numbered
  RETURNING id, seq, created_at`;

/** Adds the notifications of the drafts to the same commit, except for recipients who have blocked the author. */
const withNotifications = (commit: string): string => `${commit}, inserted AS (${INSERT}), told AS (
    INSERT INTO notifications (id, user_id, kind, actor_id, room_id, message_id)
    SELECT n.id, n.user_id, n.kind::notification_kind, p.author_id, p.room_id, p.id
    FROM unnest($9::uuid[], $10::uuid[], $11::uuid[], $12::text[]) AS n(id, message_id, user_id, kind) JOIN placed p ON p.id = n.message_id
    WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = n.user_id AND b.blocked_id = p.author_id)
  )
  SELECT id, seq, created_at FROM inserted`;

/** The statements of one lock policy. */
const statementsOf = (policy: LockPolicy) => ({
  one: { name: `commit-one-${policy}`, text: commitOne(policy) },
  plain: { name: `commit-drafts-${policy}`, text: `${commitPublic(policy)} ${INSERT}` },
  notifying: { name: `commit-drafts-notifying-${policy}`, text: withNotifications(commitPublic(policy)) },
  mixed: { name: `commit-drafts-mixed-${policy}`, text: withNotifications(commitPrivate(policy)) },
});

const STATEMENTS = { skip: statementsOf("skip"), wait: statementsOf("wait") } as const;

const idList = (ids: readonly (string | null | undefined)[]): string => toArrayLiteral(ids.map((id) => id ?? "NULL"));

const notificationValues = (drafts: readonly Draft[]) =>
  drafts.flatMap(({ id, notifications }) => notifications.map((notice) => ({ ...notice, messageId: id })));

type Statement = { readonly name: string; readonly text: string; readonly values: unknown[] };

/** Returns the stored values of one draft, in the order of the columns of `messages` up to `mentions`. */
export const valuesOf = (draft: Draft): unknown[] => [
  draft.id,
  draft.roomId,
  draft.author.id,
  draft.clientMessageId,
  draft.text,
  draft.languageCode,
  draft.replyTo?.id ?? null,
  toArrayLiteral(draft.mentions),
];

/** Returns the values of each column. */
const columnsOf = (drafts: readonly Draft[]): unknown[] => [
  idList(drafts.map((draft) => draft.id)),
  idList(drafts.map((draft) => draft.roomId)),
  idList(drafts.map((draft) => draft.author.id)),
  idList(drafts.map((draft) => draft.clientMessageId)),
  drafts.map((draft) => draft.text),
  drafts.map((draft) => draft.languageCode),
  idList(drafts.map((draft) => draft.replyTo?.id)),
  drafts.map((draft) => toArrayLiteral(draft.mentions)),
];

/** Returns the statement that numbers and stores drafts in one commit: the cheapest one that is sufficient for them. */
export function statementOf(drafts: readonly Draft[], policy: LockPolicy): Statement {
  const { one, plain, notifying, mixed } = STATEMENTS[policy];
  const notices = notificationValues(drafts);
  const isPublic = drafts.every(({ conversation }) => conversation === null);
  const isPlain = notices.length === 0 && isPublic;
  const [first] = drafts;
  if (isPlain && drafts.length === 1 && first) return { ...one, values: valuesOf(first) };
  const columns = columnsOf(drafts);
  if (isPlain) return { ...plain, values: columns };
  const told = [
    notices.map(({ id }) => id),
    notices.map((notice) => notice.messageId),
    notices.map((notice) => notice.userId),
    notices.map((notice) => notice.kind),
  ];
  if (isPublic) return { ...notifying, values: [...columns, ...told] };
  return { ...mixed, values: [...columns, ...told, drafts.map(({ conversation }) => conversation !== null)] };
}
