import { accompanyingInserts, accompanyingValues, hasAccompanyingRows } from "./accompanying-rows.ts";
import type { Draft } from "./draft.ts";
import { DRAFT_LISTS, DRAFT_NAMES, DRAFT_PARAMETERS, DRAFT_ROW, DRAFT_VALUES, listsOf, valuesOf } from "./draft-columns.ts";

/**
 * How a commit handles rooms that are locked by another transaction: `skip` omits their drafts, so that they never delay other rooms;
 * `wait` waits for the lock, up to the pool's lock timeout.
 */
export type LockPolicy = "skip" | "wait";

const LOCK = { skip: "FOR NO KEY UPDATE OF r SKIP LOCKED", wait: "FOR NO KEY UPDATE OF r" } as const;

/**
 * One statement, so that a commit is one round trip and one flush to disk: `fresh` drops drafts that are stored already (a conflict after
 * numbering would leave a gap), `locked` locks the rooms in id order (two nodes never deadlock), `restricted` finds authors who may not
 * write, `numbered` increments the counters, and the rows get their numbers.
 */
const draftsWith = (more = { values: "", names: "" }): string => `
  WITH draft AS (
    SELECT * FROM unnest(${DRAFT_LISTS}${more.values}) WITH ORDINALITY AS t(${DRAFT_NAMES}${more.names}, position)
  )`;

/**
 * Whether a draft's key is unused. With `OFFSET 0` the planner assumes half of the keys to be unused in the plan that is kept for all
 * commits; without it, once statistics exist, it assumes almost none, and joins hundreds of drafts pairwise: twice the time.
 */
const IS_NEW = `NOT EXISTS (
  SELECT FROM messages m WHERE m.author_id = d.author_id AND m.client_message_id = d.client_message_id OFFSET 0)`;

const ACCOMPANYING = accompanyingInserts(DRAFT_PARAMETERS);
/** The number of the parameter that lists which drafts belong to conversations. */
const IS_PRIVATE = ACCOMPANYING.lastParameter + 1;

/** Assigns drafts the next numbers of their rooms; `amounts` has the count of drafts per room. */
const numbering = (drafts: string, amounts: string): string => `numbered AS (
    UPDATE rooms r SET last_seq = r.last_seq + a.amount FROM ${amounts} a WHERE r.id = a.room_id
    RETURNING r.id, r.last_seq - a.amount AS base
  ), with_seq AS (
    SELECT d.*, n.base + row_number() OVER (PARTITION BY d.room_id ORDER BY d.position) AS seq
    FROM ${drafts} d JOIN numbered n ON n.id = d.room_id
  )`;

/** The rooms of the new drafts, locked in id order. */
const lockedRooms = (policy: LockPolicy): string => `locked AS MATERIALIZED (
    SELECT r.id FROM (SELECT DISTINCT room_id FROM fresh) f JOIN rooms r ON r.id = f.room_id ORDER BY r.id ${LOCK[policy]}
  )`;

/**
 * The authors who may not write in a room, because of a restriction or a closed lounge. The function is called once per commit and only
 * when the rooms are locked, so that it sees every restriction committed before.
 */
const RESTRICTED = `restricted AS MATERIALIZED (
    SELECT x.room_id, x.author_id
    FROM (SELECT array_agg(f.room_id) AS rooms, array_agg(f.author_id) AS authors FROM fresh f JOIN locked l ON l.id = f.room_id) w
    CROSS JOIN LATERAL restricted_writers(w.rooms, w.authors) x
  )`;

/** Whether the author of a draft `f` may write; with `OFFSET 0` for the same reason as in `IS_NEW`. */
const IS_UNRESTRICTED = "NOT EXISTS (SELECT FROM restricted x WHERE x.room_id = f.room_id AND x.author_id = f.author_id OFFSET 0)";

const commitPublic = (policy: LockPolicy): string => `${draftsWith()}, fresh AS (
    SELECT d.* FROM draft d WHERE ${IS_NEW}
  ), ${lockedRooms(policy)}, ${RESTRICTED}, allowed AS (
    SELECT f.* FROM fresh f WHERE ${IS_UNRESTRICTED}
  ), counted AS (
    SELECT a.room_id, count(*) AS amount FROM allowed a JOIN locked l ON l.id = a.room_id GROUP BY a.room_id
  ), ${numbering("allowed", "counted")}`;

/**
 * Does the same for batches with conversations. `access` calls the database's function for write access to a conversation; it is joined
 * with `locked`, so that it runs after the room is locked and sees every block, leave and removal committed before. While a request waits
 * for acceptance only the first draft of its author passes.
 */
const commitPrivate = (
  policy: LockPolicy,
): string => `${draftsWith({ values: `, $${IS_PRIVATE}::bool[]`, names: ", is_private" })}, fresh AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.room_id, d.author_id ORDER BY d.position) = 1 AS is_first FROM draft d WHERE ${IS_NEW}
  ), ${lockedRooms(policy)}, ${RESTRICTED}, access AS MATERIALIZED (
    SELECT l.id AS room_id, w.author_id, conversation_write_access(l.id, w.author_id) AS access
    FROM locked l JOIN (SELECT DISTINCT room_id, author_id FROM fresh WHERE is_private) w ON w.room_id = l.id
  ), allowed AS (
    SELECT f.* FROM fresh f LEFT JOIN access a ON a.room_id = f.room_id AND a.author_id = f.author_id
    WHERE (NOT f.is_private AND ${IS_UNRESTRICTED}) OR a.access = 'granted' OR (a.access = 'first_message_only' AND f.is_first)
  ), counted AS (
    SELECT a.room_id, count(*) AS amount FROM allowed a JOIN locked l ON l.id = a.room_id GROUP BY a.room_id
  ), ${numbering("allowed", "counted")}`;

const INTO = `INSERT INTO messages (${DRAFT_NAMES}, seq, changed_seq)`;

const INSERT = `${INTO} SELECT ${DRAFT_ROW}, seq, seq FROM with_seq RETURNING id, seq, created_at`;

/**
 * Does the same for a single message, the most common case: in half the time, because there are no arrays for whose lengths PostgreSQL
 * would create a new plan at each commit.
 */
const commitOne = (policy: LockPolicy): string => `
  WITH numbered AS (
    UPDATE rooms SET last_seq = last_seq + 1
    WHERE id = (SELECT r.id FROM rooms r WHERE r.id = $2 ${LOCK[policy]})
      AND NOT EXISTS (SELECT FROM messages m WHERE m.author_id = $3 AND m.client_message_id = $4) AND NOT is_write_restricted($2, $3)
    RETURNING last_seq AS seq
  )
  ${INTO}
  SELECT ${DRAFT_VALUES}, seq, seq FROM numbered
  RETURNING id, seq, created_at`;

/** Adds the rows that accompany the messages to the same commit. */
const withAccompanying = (commit: string): string => `${commit}, inserted AS (${INSERT}), ${ACCOMPANYING.ctes}
  SELECT id, seq, created_at FROM inserted`;

/** The statements of one lock policy. */
const statementsOf = (policy: LockPolicy) => ({
  one: { name: `commit-one-${policy}`, text: commitOne(policy) },
  plain: { name: `commit-drafts-${policy}`, text: `${commitPublic(policy)} ${INSERT}` },
  accompanied: { name: `commit-drafts-accompanied-${policy}`, text: withAccompanying(commitPublic(policy)) },
  mixed: { name: `commit-drafts-mixed-${policy}`, text: withAccompanying(commitPrivate(policy)) },
});

const STATEMENTS = { skip: statementsOf("skip"), wait: statementsOf("wait") } as const;

type Statement = { readonly name: string; readonly text: string; readonly values: unknown[] };

/** Returns the statement that numbers and stores drafts in one commit: the cheapest one that is sufficient for them. */
export function statementOf(drafts: readonly Draft[], policy: LockPolicy): Statement {
  const { one, plain, accompanied, mixed } = STATEMENTS[policy];
  const isPublic = drafts.every(({ conversation }) => conversation === null);
  const isPlain = isPublic && !drafts.some(hasAccompanyingRows);
  const [first] = drafts;
  if (isPlain && drafts.length === 1 && first) return { ...one, values: valuesOf(first) };
  const lists = listsOf(drafts);
  if (isPlain) return { ...plain, values: lists };
  const values = [...lists, ...accompanyingValues(drafts)];
  if (isPublic) return { ...accompanied, values };
  return { ...mixed, values: [...values, drafts.map(({ conversation }) => conversation !== null)] };
}
