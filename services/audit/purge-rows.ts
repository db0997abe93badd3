import { notFailed, processRows, type RowServices } from "./process-rows.ts";

/** What a job removes from a table. All parts are constant SQL, never user input. */
export type Purge = {
  readonly job: string;
  readonly table: string;
  /** The column by which rows are removed, and its type. */
  readonly key: { readonly column: string; readonly type: "uuid" | "bytea" | "text" | "date" };
  /** The condition that makes a row due; `$1` is the cutoff. */
  readonly due: string;
};

/** A bounded part of a purge. Rows older than `before` are due. */
export type PurgeBatch = { readonly before: Date; readonly limit: number };

/** Returns the name under which failed rows are recorded: one job may work on several tables. */
export const failuresOf = ({ job, table }: Purge): string => `${job}/${table}`;

/** Returns the keys of rows that are due. */
export async function findDue({ pool, now }: RowServices, purge: Purge, { before, limit }: PurgeBatch): Promise<string[]> {
  const { table, key, due } = purge;
  const isProcessable = notFailed({ job: failuresOf(purge), key: key.column, now: "$2" });
  const sql = `SELECT ${key.column}::text AS key FROM ${table} WHERE (${due}) AND ${isProcessable} LIMIT $3`;
  return (await pool.query<{ key: string }>(sql, [before, now(), limit])).rows.map((row) => row.key);
}

/**
 * Removes rows that are due, at most `limit` at a time.
 * @returns how many were removed
 * @throws BatchError when some could not be removed; the others are
 */
export async function purgeRows(services: RowServices, purge: Purge, batch: PurgeBatch): Promise<number> {
  const { table, key } = purge;
  const remove = `DELETE FROM ${table} WHERE ${key.column} = ANY($1::${key.type}[])`;
  const work = async (keys: readonly string[]): Promise<number> => (await services.pool.query(remove, [keys])).rowCount ?? 0;
  return processRows(services, { job: failuresOf(purge), keys: await findDue(services, purge, batch), work });
}

/** Returns the time `ms` milliseconds ago. */
export const ago = ({ now }: Pick<RowServices, "now">, ms: number): Date => new Date(now().getTime() - ms);
