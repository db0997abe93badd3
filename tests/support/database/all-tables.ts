import type pg from "pg";

type Table = { readonly name: string };

const TABLES = `
  SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
  WHERE schemaname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1`;

/** Returns every row of every table as text, by table. */
export async function everyTable(pool: pg.Pool): Promise<Map<string, string>> {
  const { rows } = await pool.query<Table>(TABLES);
  const texts = new Map<string, string>();
  for (const { name } of rows) {
    const found = await pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
    texts.set(name.replace(/^public\./, ""), found.rows.map(({ row }) => row).join("\n"));
  }
  return texts;
}

/** Returns a text as the database prints it within bytes. */
const hexOf = (text: string): string => Buffer.from(text).toString("hex");

/** Returns the tables that contain any of these texts, as text or as bytes. */
export async function tablesWith(pool: pg.Pool, texts: readonly string[]): Promise<string[]> {
  const needles = texts.flatMap((text) => [text.toLowerCase(), hexOf(text)]);
  return [...(await everyTable(pool))]
    .filter(([, rows]) => needles.some((needle) => rows.toLowerCase().includes(needle)))
    .map(([name]) => name);
}
