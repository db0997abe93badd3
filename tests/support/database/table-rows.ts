import type { TestDatabase } from "./db.ts";

/** Columns that follow users' connections asynchronously. */
const PRESENCE = ["presence_status", "last_seen_at"];

/** The search index follows the messages asynchronously, too. */
const INDEX = ["message_search", "search_progress"];

/** The chain of the audit log contains nothing that the log does not. */
const CHAIN = ["audit_chain", "audit_head", "audit_anchor"];

/**
 * Returns every row of every table of the application as text, by table, to detect changes; without presence, the search index and the
 * chain of the audit log.
 */
export async function tableRows({ pool }: TestDatabase, except: readonly string[] = []): Promise<Record<string, string[]>> {
  const tables = await pool.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' ORDER BY 1");
  const names = tables.rows.map(({ name }) => name).filter((name) => ![...except, ...INDEX, ...CHAIN].includes(name));
  const read = async (name: string): Promise<[string, string[]]> => {
    const { rows } = await pool.query<{ row: string }>(`SELECT (to_jsonb(t) - $1::text[])::text AS row FROM "${name}" t ORDER BY 1`, [
      PRESENCE,
    ]);
    return [name, rows.map(({ row }) => row)];
  };
  return Object.fromEntries(await Promise.all(names.map(read)));
}

/** Makes every change of a table fail until the returned function is called. */
export async function breakTable({ pool }: TestDatabase, table: string): Promise<() => Promise<void>> {
  await pool.query(`
    CREATE OR REPLACE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'broken down'; END $$;
    CREATE TRIGGER broken BEFORE INSERT OR UPDATE OR DELETE ON "${table}" FOR EACH ROW EXECUTE FUNCTION break_down()`);
  return async () => void (await pool.query(`DROP TRIGGER broken ON "${table}"`));
}
