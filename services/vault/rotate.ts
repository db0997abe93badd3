import type pg from "pg";
import { openVault, resealIndexKey } from "./open.ts";
import { type SealedColumn, sealedColumns } from "./sealed-columns.ts";
import type { DataKeys, Vault } from "./vault.ts";

const BATCH = 200;
/** The maximum number of passes. A node that still encrypts with the former key adds work for each pass and has to be restarted. */
const MOST_PASSES = 10;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** The result of a rotation. The former key can be removed when it is done and nothing was unreadable. */
export type Rotation = { readonly resealed: number; readonly unreadable: number; readonly isDone: boolean };

export type RotateOptions = {
  readonly keys: DataKeys;
  /** The number of rows per statement. */
  readonly batch?: number;
  /** Called after every committed batch with the column and the number of rows. */
  readonly onBatch?: (column: SealedColumn, rows: number) => void;
};

type Row = { id: string; sealed: Buffer };
type Tools = { readonly pool: pg.Pool; readonly vault: Vault; readonly options: RotateOptions };

const due = ({ table, field, id }: SealedColumn): string => `
  SELECT ${id} AS id, ${field} AS sealed FROM ${table}
  WHERE length(${field}) > 0 AND substring(${field} FROM 1 FOR length($1::bytea)) <> $1 AND ${id} > $2 ORDER BY ${id} LIMIT $3`;

/** Returns the SQL that replaces values unless they were changed concurrently. */
const replacement = ({ table, field, id }: SealedColumn): string => `
  UPDATE ${table} t SET ${field} = fresh.sealed
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS fresh(id, former, sealed)
  WHERE t.${id} = fresh.id AND t.${field} = fresh.former`;

/** Returns the value encrypted with the current key; null if no key decrypts it. */
function reseal(vault: Vault, { table, field }: SealedColumn, { id, sealed }: Row): Buffer | null {
  const context = { table, field, id };
  try {
    return Buffer.from(vault.seal(context, vault.open(context, sealed)));
  } catch {
    return null;
  }
}

/** Processes a column once, in batches by id. */
async function pass({ pool, vault, options }: Tools, column: SealedColumn): Promise<{ resealed: number; unreadable: number }> {
  const { batch = BATCH, onBatch = () => undefined } = options;
  let resealed = 0;
  let unreadable = 0;
  let after = FIRST_ID;
  for (;;) {
    const { rows } = await pool.query<Row>(due(column), [vault.keyId, after, batch]);
    const fresh = rows.map((row) => ({ ...row, fresh: reseal(vault, column, row) }));
    const readable = fresh.filter((row): row is Row & { fresh: Buffer } => row.fresh !== null);
    const values = [readable.map(({ id }) => id), readable.map(({ sealed }) => sealed), readable.map((row) => row.fresh)];
    const { rowCount } = readable.length === 0 ? { rowCount: 0 } : await pool.query(replacement(column), values);
    resealed += rowCount ?? 0;
    unreadable += rows.length - readable.length;
    if (rows.length > 0) onBatch(column, rowCount ?? 0);
    if (rows.length < batch) return { resealed, unreadable };
    after = rows.at(-1)?.id ?? after;
  }
}

async function passAll(tools: Tools): Promise<{ resealed: number; unreadable: number }> {
  let resealed = 0;
  let unreadable = 0;
  for (const column of sealedColumns) {
    const found = await pass(tools, column);
    resealed += found.resealed;
    unreadable += found.unreadable;
  }
  return { resealed, unreadable };
}

/**
 * Re-encrypts all values that were encrypted with another data key with the current one, in batches, while servers that have both keys
 * read and write. It is idempotent: an interrupted run can be repeated and continues with the remaining values.
 */
export async function rotateKeys(pool: pg.Pool, options: RotateOptions): Promise<Rotation> {
  let total = (await resealIndexKey(pool, options.keys)) ? 1 : 0;
  const tools = { pool, vault: await openVault(pool, options.keys), options };
  for (let passes = 0; passes < MOST_PASSES; passes++) {
    const { resealed, unreadable } = await passAll(tools);
    total += resealed;
    if (resealed === 0) return { resealed: total, unreadable, isDone: true };
  }
  return { resealed: total, unreadable: 0, isDone: false };
}
