import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { EvidenceDto, EvidenceMessageDto } from "../../../utils/contract/schemas/moderation/cases.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { LOWEST_ID } from "../../../utils/cursor.ts";
import type { Services } from "../../context.ts";

/** An erased user, under the name that remains. */
type Erased = { readonly id: string; readonly displayName: string };

/** Returns evidence without the names and profiles of erased users, and on request without their texts. */
function withoutErased(evidence: EvidenceDto, erased: readonly Erased[], keepsTexts: boolean): EvidenceDto {
  const names = new Map(erased.map(({ id, displayName }) => [id, displayName]));
  const person = (user: AuthorDto): AuthorDto => {
    const displayName = names.get(user.id);
    return displayName === undefined ? user : { ...user, displayName, avatarUrl: null };
  };
  const message = (one: EvidenceMessageDto): EvidenceMessageDto => {
    const isCleared = names.has(one.author.id) && !keepsTexts;
    return { ...one, author: person(one.author), ...(isCleared && { text: "", attachments: [] }) };
  };
  const { profile, conversation } = evidence;
  return {
    ...evidence,
    message: evidence.message && message(evidence.message),
    context: evidence.context.map(message),
    profile: profile && (names.has(profile.user.id) ? { user: person(profile.user), bio: null, pronouns: null } : profile),
    conversation: conversation && { ...conversation, members: conversation.members.map(person) },
  };
}

type Row = { readonly id: string; readonly evidence: EvidenceDto; readonly is_resolved: boolean };

const WRITE = "UPDATE moderation_cases SET evidence = $2 WHERE id = $1";

/** A decision may still depend on the texts of an unresolved case; they are removed with the decision. */
async function rewrite(tx: pg.PoolClient, { id, evidence, is_resolved }: Row, erased: readonly Erased[]): Promise<void> {
  await tx.query(WRITE, [id, JSON.stringify(withoutErased(evidence, erased, !is_resolved))]);
}

const BATCH = 100;

const NEXT = `
  SELECT id, evidence, is_resolved FROM moderation_cases WHERE evidence_of @> ARRAY[$1::uuid] AND id > $2 ORDER BY id LIMIT ${BATCH}
  FOR NO KEY UPDATE`;

const FORGET_REPORTS = `
  UPDATE reports r SET text = NULL FROM moderation_cases c WHERE r.reporter_id = $1 AND r.text IS NOT NULL AND c.id = r.case_id AND c.is_resolved`;

/**
 * Removes an erased user from the cases: the evidence shows the name that remains, and the texts of the user are removed, those of
 * unresolved cases once they are resolved. It is idempotent, and works in batches.
 */
export async function eraseFromCases({ pool }: Pick<Services, "pool">, erased: Erased): Promise<void> {
  await pool.query(FORGET_REPORTS, [erased.id]);
  let last = LOWEST_ID;
  for (;;) {
    const rows = await inTransaction(pool, async (tx) => {
      const found = (await tx.query<Row>(NEXT, [erased.id, last])).rows;
      for (const row of found) await rewrite(tx, row, [erased]);
      return found;
    });
    if (rows.length < BATCH) return;
    last = rows.at(-1)?.id ?? last;
  }
}

const ERASED = `
  SELECT u.id, u.display_name AS "displayName" FROM moderation_cases c JOIN users u ON u.id = ANY(c.evidence_of) AND u.erased_at IS NOT NULL
  WHERE c.id = $1`;

const READ = "SELECT id, evidence, is_resolved FROM moderation_cases WHERE id = $1";

const FORGET_TEXTS = `
  UPDATE reports r SET text = NULL FROM users u WHERE r.case_id = $1 AND u.id = r.reporter_id AND u.erased_at IS NOT NULL AND r.text IS NOT NULL`;

/** Removes the texts of erased users from a case that the transaction has resolved. */
export async function eraseResolvedTexts(tx: pg.PoolClient, caseId: string): Promise<void> {
  await tx.query(FORGET_TEXTS, [caseId]);
  const { rows: erased } = await tx.query<Erased>(ERASED, [caseId]);
  if (erased.length === 0) return;
  const [row] = (await tx.query<Row>(READ, [caseId])).rows;
  if (row !== undefined) await rewrite(tx, row, erased);
}
