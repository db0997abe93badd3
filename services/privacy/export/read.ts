import type pg from "pg";
import type { Vault } from "../../vault/vault.ts";
import type { ExportFile } from "../user-key.ts";
import { type Entry, sources } from "./files.ts";

/** The number of rows that are fetched at a time. */
const ROWS = 200;

/** All files of a user, read from one database snapshot. */
export type Snapshot = {
  entries(file: ExportFile): AsyncGenerator<Entry>;
};

/** Runs a query while the snapshot is open. A reader that continues after its end must not use a connection that was released. */
type QueryRows = (sql: string, values?: unknown[]) => Promise<Entry[]>;

async function* readFile(queryRows: QueryRows, sql: string, userId: string): AsyncGenerator<Entry> {
  await queryRows(`DECLARE entries NO SCROLL CURSOR FOR ${sql}`, [userId]);
  for (;;) {
    const rows = await queryRows(`FETCH ${ROWS} FROM entries`);
    yield* rows;
    if (rows.length < ROWS) break;
  }
  await queryRows("CLOSE entries");
}

function openReader(client: pg.PoolClient): { queryRows: QueryRows; end: () => void } {
  let isOver = false;
  const queryRows: QueryRows = async (sql, values) => {
    if (isOver) throw new Error("The snapshot is closed.");
    return (await client.query<Entry>(sql, values)).rows;
  };
  const end = (): void => {
    isOver = true;
  };
  return { queryRows, end };
}

/**
 * Runs `work` with a consistent snapshot of all data of a user, read a few rows at a time.
 * Files must be read one after another.
 */
export async function withSnapshot<Result>(
  { pool, vault }: { pool: pg.Pool; vault: Vault },
  userId: string,
  work: (snapshot: Snapshot) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  const { queryRows, end } = openReader(client);
  async function* entries(file: ExportFile): AsyncGenerator<Entry> {
    const { sql, open } = sources[file];
    for await (const row of readFile(queryRows, sql, userId)) yield open === undefined ? row : open(vault, row);
  }
  try {
    await queryRows("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    return await work({ entries });
  } finally {
    end();
    // Nothing was written. A connection whose transaction cannot be ended is destroyed instead of released to the pool.
    const isUsable = await client.query("ROLLBACK").then(
      () => true,
      () => false,
    );
    client.release(!isUsable);
  }
}
