import type pg from "pg";
import type { Vault } from "../../vault/vault.ts";
import type { ExportFile } from "../data-retention-registry.ts";
import { type Entry, sources } from "./files.ts";

/** So many rows are held at a time. */
const ROWS = 200;

/** All files of a person, as they were at one moment. */
export type Snapshot = {
  entries(file: ExportFile): AsyncGenerator<Entry>;
};

/** Asks the database, as long as the view stands: what is still being read when it ends must not speak on a connection given back. */
type Ask = (sql: string, values?: unknown[]) => Promise<Entry[]>;

async function* readFile(ask: Ask, sql: string, userId: string): AsyncGenerator<Entry> {
  await ask(`DECLARE entries NO SCROLL CURSOR FOR ${sql}`, [userId]);
  for (;;) {
    const rows = await ask(`FETCH ${ROWS} FROM entries`);
    yield* rows;
    if (rows.length < ROWS) break;
  }
  await ask("CLOSE entries");
}

function asking(client: pg.PoolClient): { ask: Ask; end: () => void } {
  let isOver = false;
  const ask: Ask = async (sql, values) => {
    if (isOver) throw new Error("The snapshot is closed.");
    return (await client.query<Entry>(sql, values)).rows;
  };
  const end = (): void => {
    isOver = true;
  };
  return { ask, end };
}

/**
 * Lends a view of everything a person has here, in which nothing changes while it is read, a few rows at a time.
 * Files are read one after another.
 */
export async function withSnapshot<Result>(
  { pool, vault }: { pool: pg.Pool; vault: Vault },
  userId: string,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const { ask, end } = asking(client);
  async function* entries(file: ExportFile): AsyncGenerator<Entry> {
    const { sql, open } = sources[file];
    for await (const row of readFile(ask, sql, userId)) yield open === undefined ? row : open(vault, row);
  }
  try {
    await ask("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await work({ entries });
  } finally {
    end();
    // Nothing was written; a connection whose transaction cannot be ended is not given back.
    const isUsable = await client.query("ROLLBACK").then(
      () => true,
      () => false,
    );
    client.release(!isUsable);
  }
}
