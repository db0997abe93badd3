import type pg from "pg";

const CORRECT = `
  UPDATE moderation_cases c SET is_reversed = true, updated_at = now() FROM moderation_actions a
  WHERE a.id = $1 AND c.id = a.case_id AND NOT c.is_reversed RETURNING c.id`;

/**
 * Records that an appeal undid an action: the reports of its case do not count as upheld anymore, neither for the reporters nor in the
 * record of the user concerned. Call it in the transaction of the reversal.
 */
export async function correctRecord(tx: pg.PoolClient, actionId: string): Promise<void> {
  await tx.query(CORRECT, [actionId]);
}
