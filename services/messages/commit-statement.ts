import { arrayText } from "../../prisma/array.ts";
import type { Draft } from "./commit.ts";

/**
 * One statement, so that a commit is one round trip and one flush to disk:
 * `fresh` drops what is already there (a conflict after numbering would punch a hole into the order), `locked` takes the
 * rooms in id order (two nodes never wait for each other in a ring), `numbered` moves their counters, and the rows
 * get their places.
 */
const draftsWith = (more = { values: "", names: "" }): string => `
  WITH draft AS (
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::uuid[], $8::text[]${more.values})
      WITH ORDINALITY AS t(id, room_id, author_id, client_message_id, text, language_code, reply_to_id, mentions${more.names}, place)
  )`;

/**
 * Whether a draft's key is free. With `OFFSET 0` the database takes half of the keys for free when it makes the plan that it keeps for
 * all commits; without, once it knows the table, next to none, and hundreds of drafts are joined each with each: twice the time.
 */
const IS_NEW = `NOT EXISTS (
  SELECT FROM messages m WHERE m.author_id = d.author_id AND m.client_message_id = d.client_message_id OFFSET 0)`;

/** Gives drafts the next numbers of their rooms, of which `amounts` says how many each room needs. */
const numbering = (drafts: string, amounts: string): string => `numbered AS (
    UPDATE rooms r SET last_seq = r.last_seq + a.amount FROM ${amounts} a WHERE r.id = a.room_id
    RETURNING r.id, r.last_seq - a.amount AS base
  ), placed AS (
    SELECT d.*, n.base + row_number() OVER (PARTITION BY d.room_id ORDER BY d.place) AS seq
    FROM ${drafts} d JOIN numbered n ON n.id = d.room_id
  )`;

const COMMIT = `${draftsWith()}, fresh AS (
    SELECT d.* FROM draft d WHERE ${IS_NEW}
  ), counted AS (
    SELECT room_id, count(*) AS amount FROM fresh GROUP BY room_id
  ), locked AS (
    SELECT c.* FROM counted c JOIN rooms r ON r.id = c.room_id ORDER BY r.id FOR NO KEY UPDATE OF r
  ), ${numbering("fresh", "locked")}`;

/**
 * The same for batches with conversations in them, looked at in the statement that writes: `fresh` drops who is no member, or a pair
 * with a block; of what waits for the other's acceptance `allowed` lets the conversation's first message alone through. `locked` reads
 * the counter as it is once it is held: counting its rows first has all rooms locked before any is written. What makes a draft free is
 * one value and not many conditions, of which the database would think that next to no draft meets them all.
 */
const COMMIT_PRIVATE = `${draftsWith({ values: ", $13::bool[], $14::uuid[]", names: ", is_private, peer_id" })}, fresh AS (
    SELECT d.*, row_number() OVER (PARTITION BY d.room_id ORDER BY d.place) = 1 AS is_first
    FROM (
      SELECT d.*, peer.state = 'requested' AS is_request, ${IS_NEW}
        AND (NOT d.is_private OR author.state = 'active')
        AND (d.peer_id IS NULL OR peer.state IS NOT NULL AND NOT EXISTS (
          SELECT FROM blocks b WHERE (b.user_id, b.blocked_id) IN ((d.author_id, d.peer_id), (d.peer_id, d.author_id)))) AS is_free
      FROM draft d
      LEFT JOIN room_members author ON author.room_id = d.room_id AND author.user_id = d.author_id
      LEFT JOIN room_members peer ON peer.room_id = d.room_id AND peer.user_id = d.peer_id
      OFFSET 0
    ) d WHERE d.is_free
  ), locked AS (
    SELECT r.id, r.last_seq FROM (SELECT DISTINCT room_id FROM fresh) f JOIN rooms r ON r.id = f.room_id ORDER BY r.id FOR NO KEY UPDATE OF r
  ), allowed AS (
    SELECT f.* FROM fresh f WHERE (SELECT count(*) FROM locked) > 0
      AND (f.is_request IS NOT TRUE OR (f.is_first AND (SELECT l.last_seq FROM locked l WHERE l.id = f.room_id) = 0))
  ), counted AS (
    SELECT room_id, count(*) AS amount FROM allowed GROUP BY room_id
  ), ${numbering("allowed", "counted")}`;

const INTO =
  "INSERT INTO messages (id, room_id, author_id, client_message_id, text, language_code, reply_to_id, mentions, seq, changed_seq)";

const INSERT = `
  ${INTO}
  SELECT id, room_id, author_id, client_message_id, text, language_code, reply_to_id, mentions::uuid[], seq, seq FROM placed
  RETURNING id, seq, created_at`;

const COMMIT_PLAIN = `${COMMIT} ${INSERT}`;

/**
 * The same for a message that comes alone, as most do: in half the time, since there are no lists whose lengths the database would
 * make a new plan for at each commit.
 */
const COMMIT_ONE = `
  WITH numbered AS (
    UPDATE rooms SET last_seq = last_seq + 1
    WHERE id = $2 AND NOT EXISTS (SELECT FROM messages m WHERE m.author_id = $3 AND m.client_message_id = $4)
    RETURNING last_seq AS seq
  )
  ${INTO}
  SELECT $1::uuid, $2::uuid, $3::uuid, $4::uuid, $5::text, $6::text, $7::uuid, $8::uuid[], seq, seq FROM numbered
  RETURNING id, seq, created_at`;

/** For drafts that concern somebody: their notices are made in the same commit, but not of somebody they have blocked. */
const telling = (commit: string): string => `${commit}, inserted AS (${INSERT}), told AS (
    INSERT INTO notifications (id, user_id, kind, actor_id, room_id, message_id)
    SELECT n.id, n.user_id, n.kind::notification_kind, p.author_id, p.room_id, p.id
    FROM unnest($9::uuid[], $10::uuid[], $11::uuid[], $12::text[]) AS n(id, message_id, user_id, kind) JOIN placed p ON p.id = n.message_id
    WHERE NOT EXISTS (SELECT FROM blocks b WHERE b.user_id = n.user_id AND b.blocked_id = p.author_id)
  )
  SELECT id, seq, created_at FROM inserted`;

const COMMIT_TELLING = telling(COMMIT);
const COMMIT_MIXED = telling(COMMIT_PRIVATE);

const idList = (ids: readonly (string | null | undefined)[]): string => arrayText(ids.map((id) => id ?? "NULL"));

const noticesOf = (drafts: readonly Draft[]) =>
  drafts.flatMap(({ id, notices }) => notices.map((notice) => ({ ...notice, messageId: id })));

type Statement = { readonly name: string; readonly text: string; readonly values: unknown[] };

/** What is stored of one draft, in the order of the columns of `messages` up to `mentions`. */
export const valuesOf = (draft: Draft): unknown[] => [
  draft.id,
  draft.roomId,
  draft.author.id,
  draft.clientMessageId,
  draft.text,
  draft.languageCode,
  draft.replyTo?.id ?? null,
  arrayText(draft.mentions),
];

/** The values of each column. */
const columnsOf = (drafts: readonly Draft[]): unknown[] => [
  idList(drafts.map((draft) => draft.id)),
  idList(drafts.map((draft) => draft.roomId)),
  idList(drafts.map((draft) => draft.author.id)),
  idList(drafts.map((draft) => draft.clientMessageId)),
  drafts.map((draft) => draft.text),
  drafts.map((draft) => draft.languageCode),
  idList(drafts.map((draft) => draft.replyTo?.id)),
  drafts.map((draft) => arrayText(draft.mentions)),
];

/** What numbers and stores some drafts in one commit: the least that serves these, so that plain talk in language rooms pays for nothing else. */
export function statementOf(drafts: readonly Draft[]): Statement {
  const notices = noticesOf(drafts);
  const isPublic = drafts.every(({ conversation }) => conversation === null);
  const isPlain = notices.length === 0 && isPublic;
  const [first] = drafts;
  if (isPlain && drafts.length === 1 && first) return { name: "commit-one", text: COMMIT_ONE, values: valuesOf(first) };
  const columns = columnsOf(drafts);
  if (isPlain) return { name: "commit-drafts", text: COMMIT_PLAIN, values: columns };
  const told = [
    notices.map(({ id }) => id),
    notices.map((one) => one.messageId),
    notices.map((one) => one.userId),
    notices.map((one) => one.kind),
  ];
  if (isPublic) return { name: "commit-drafts-telling", text: COMMIT_TELLING, values: [...columns, ...told] };
  const private_ = [
    drafts.map(({ conversation }) => conversation !== null),
    idList(drafts.map(({ conversation }) => conversation?.peerId)),
  ];
  return { name: "commit-drafts-mixed", text: COMMIT_MIXED, values: [...columns, ...told, ...private_] };
}
