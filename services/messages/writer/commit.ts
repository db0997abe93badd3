import pg from "pg";
import type { Numbered } from "../present.ts";
import type { Draft } from "./draft.ts";
import { type LockPolicy, statementOf } from "./insert-messages.ts";

const [INT8, TIMESTAMPTZ] = [20, 1184];

/** Returns the type parsers of a commit. All rows of a commit have the same time, which is parsed once. */
function typesOfCommit(): pg.CustomTypesConfig {
  const parseMoment = pg.types.getTypeParser(TIMESTAMPTZ) as (text: string) => Date;
  let last: { text: string; moment: Date } | undefined;
  const moment = (text: string): Date => {
    if (last?.text !== text) last = { text, moment: parseMoment(text) };
    return last.moment;
  };
  const getTypeParser = (oid: number) => (oid === TIMESTAMPTZ ? moment : oid === INT8 ? Number : String);
  return { getTypeParser } as pg.CustomTypesConfig;
}

/**
 * Numbers and stores drafts in one commit. The result omits drafts whose key is in use, whose room does not exist or (with `skip`) is
 * locked, or whose author may not write in the conversation.
 */
export async function commitDrafts(pool: pg.Pool, drafts: readonly Draft[], policy: LockPolicy): Promise<Map<string, Numbered>> {
  const { rows } = await pool.query<Numbered>({ ...statementOf(drafts, policy), types: typesOfCommit() });
  return new Map(rows.map((row) => [row.id, row]));
}
