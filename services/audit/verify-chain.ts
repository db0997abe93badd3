import type pg from "pg";
import { contentHashOf, type EntryText, type LinkText, linkHashOf } from "./chain-hash.ts";

const BATCH = 5_000;

/** The actions whose entries expire earlier than the others. */
const FREQUENT: readonly string[] = ["guest_created", "session_ended"];

const MS = (column: string): string => `round(extract(epoch FROM ${column}) * 1000)::bigint::text`;

const LINKS = `
  SELECT c.number, c.entry_id AS "entryId", ${MS("c.at")} AS "atMs", c.action, encode(c.content_hash, 'hex') AS "contentHash",
    encode(c.previous_hash, 'hex') AS "previousHash", encode(c.hash, 'hex') AS hash,
    CASE WHEN e.id IS NOT NULL THEN json_build_object('id', e.id::text, 'atMs', ${MS("e.at")}, 'actorId', e.actor_id::text,
      'action', e.action, 'subjectType', e.subject_type, 'subjectId', e.subject_id::text, 'data', e.data::text,
      'requestId', e.request_id) END AS entry
  FROM public.audit_chain c LEFT JOIN public.audit_log e ON e.id = c.entry_id
  WHERE c.number > $1 ORDER BY c.number LIMIT $2`;

const ENDS = `
  SELECT h.number AS "headNumber", encode(h.hash, 'hex') AS "headHash", a.number AS "anchorNumber", encode(a.hash, 'hex') AS "anchorHash",
    a.entries_before AS "entriesBefore", a.frequent_before AS "frequentBefore"
  FROM public.audit_head h, public.audit_anchor a`;

const UNLINKED = `
  SELECT e.id FROM public.audit_log e WHERE NOT EXISTS (SELECT FROM public.audit_chain c WHERE c.entry_id = e.id)
  ORDER BY e.at, e.id LIMIT 1`;

type Link = LinkText & { readonly entryId: string | null; readonly hash: string; readonly entry: EntryText | null };

type Ends = {
  headNumber: number;
  headHash: string;
  anchorNumber: number;
  anchorHash: string;
  entriesBefore: Date | null;
  frequentBefore: Date | null;
};

/** A position of the chain whose hash was recorded outside the database. */
export type Known = { readonly number: number; readonly hash: string };

/**
 * The result of a verification. `checked` links were verified up to the first fault; the last of them is `head`, which has the number 0 in
 * an empty chain. `number` is null if the fault belongs to no position. `isKnownChecked` is false if the recorded position has expired.
 */
export type Verification = {
  readonly checked: number;
  readonly head: Known;
  readonly fault: { readonly number: number | null; readonly reason: string } | null;
  readonly isKnownChecked: boolean;
};

type Progress = { checked: number; last: Known; isKnownChecked: boolean };

/** Whether the entry of a link may have been removed: `audit_expire` has been called with a later time. */
function isExpired({ action, atMs }: Link, { entriesBefore, frequentBefore }: Ends): boolean {
  const isBefore = (cutoff: Date | null): boolean => cutoff !== null && Number(atMs) < cutoff.getTime();
  return isBefore(entriesBefore) || (FREQUENT.includes(action) && isBefore(frequentBefore));
}

function entryFault(link: Link, ends: Ends): string | null {
  const { entry, entryId } = link;
  if (entry === null) return entryId === null && isExpired(link, ends) ? null : "its entry was removed";
  if (contentHashOf(entry) !== link.contentHash) return "its entry was changed";
  return entry.action === link.action && entry.atMs === link.atMs ? null : "its entry belongs to another link";
}

/** Returns why a link is not the next one of the chain; null if it is. */
function linkFault(link: Link, last: Known, ends: Ends): string | null {
  if (link.number !== last.number + 1) return `the link before it is missing: it follows number ${last.number}`;
  if (link.previousHash !== last.hash) return "its previous hash is not the hash of the link before it";
  if (linkHashOf(link) !== link.hash) return "its hash does not match its content";
  return entryFault(link, ends);
}

type Fault = NonNullable<Verification["fault"]>;

/** Verifies one batch. Returns its first fault, null if it has none, and "end" behind the last link. */
async function verifyBatch(client: pg.ClientBase, ends: Ends, progress: Progress, known: Known | null): Promise<Fault | null | "end"> {
  const { rows } = await client.query<Link>(LINKS, [progress.last.number, BATCH]);
  for (const link of rows) {
    const reason = linkFault(link, progress.last, ends);
    if (reason !== null) return { number: link.number, reason };
    if (known?.number === link.number) {
      if (known.hash !== link.hash) return { number: link.number, reason: "its hash differs from the recorded one" };
      progress.isKnownChecked = true;
    }
    progress.last = { number: link.number, hash: link.hash };
    progress.checked += 1;
  }
  return rows.length === 0 ? "end" : null;
}

/** Checks what only the whole chain shows: that nothing is missing at its end, and that every entry has a link. */
async function verifyEnd(
  client: pg.ClientBase,
  { headNumber, headHash }: Ends,
  { last }: Progress,
  known: Known | null,
): Promise<Fault | null> {
  if (last.number !== headNumber || last.hash !== headHash)
    return { number: last.number + 1, reason: `the newest links are missing: the last one had the number ${headNumber}` };
  if (known !== null && known.number > last.number) return { number: known.number, reason: "the recorded position is missing" };
  const { rows } = await client.query<{ id: string }>(UNLINKED);
  return rows[0] === undefined ? null : { number: null, reason: `the entry ${rows[0].id} has no link` };
}

async function walk(client: pg.ClientBase, known: Known | null): Promise<Verification> {
  const [ends] = (await client.query<Ends>(ENDS)).rows;
  if (ends === undefined) throw new Error("The head or the anchor of the chain is missing.");
  const progress: Progress = { checked: 0, last: { number: ends.anchorNumber, hash: ends.anchorHash }, isKnownChecked: false };
  let outcome: Fault | null | "end" = null;
  while (outcome === null) outcome = await verifyBatch(client, ends, progress, known);
  const fault = outcome === "end" ? await verifyEnd(client, ends, progress, known) : outcome;
  return { checked: progress.checked, head: progress.last, fault, isKnownChecked: progress.isKnownChecked };
}

/**
 * Verifies the audit log against its chain in batches, within one snapshot, so that entries may be written meanwhile. The hashes are
 * computed here and not by the functions of the database. `known` is a position that was recorded outside the database.
 */
export async function verifyChain(pool: pg.Pool, known: Known | null = null): Promise<Verification> {
  const client = await pool.connect();
  try {
    await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await walk(client, known);
  } finally {
    // Closing the connection ends the transaction, whatever state it is in.
    client.release(true);
  }
}
