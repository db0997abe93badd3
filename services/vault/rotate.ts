import type pg from "pg";
import { openVault, resealIndexKey } from "./open.ts";
import { type SealedColumn, sealedColumns } from "./sealed-columns.ts";
import type { DataKeys, Vault } from "./vault.ts";

const BATCH = 200;
/** A node that still seals with the former key makes new work for each pass; somebody has to restart it. */
const MOST_PASSES = 10;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** What a rotation did. The former key is needed no more when it is done and nothing was unreadable. */
export type Rotation = { readonly resealed: number; readonly unreadable: number; readonly isDone: boolean };

export type RotateOptions = {
  readonly keys: DataKeys;
  /** Rows a statement. */
  readonly batch?: number;
  /** Hears of every batch that was committed: which column, and how many rows. */
  readonly onBatch?: (column: SealedColumn, rows: number) => void;
};

type Row = { id: string; sealed: Buffer };
type Tools = { readonly pool: pg.Pool; readonly vault: Vault; readonly options: RotateOptions };

const due = ({ table, field, id }: SealedColumn): string => `
  SELECT ${id} AS id, ${field} AS sealed FROM ${table}
  WHERE length(${field}) > 0 AND substring(${field} FROM 1 FOR length($1::bytea)) <> $1 AND ${id} > $2 ORDER BY ${id} LIMIT $3`;

/** What somebody wrote in between stands. */
const replacement = ({ table, field, id }: SealedColumn): string => `
  UPDATE ${table} t SET ${field} = fresh.sealed
  FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS fresh(id, former, sealed)
  WHERE t.${id} = fresh.id AND t.${field} = fresh.former`;

/** The value under today's key; null for one that opens with neither key. */
function reseal(vault: Vault, { table, field }: SealedColumn, { id, sealed }: Row): Buffer | null {
  const place = { table, field, id };
  try {
    return Buffer.from(vault.seal(place, vault.open(place, sealed)));
  } catch {
    return null;
  }
}

/** Goes once through a column, from one row to the next. */
async function pass({ pool, vault, options }: Tools, column: SealedColumn): Promise<{ resealed: number; unreadable: number }> {
  const { batch = BATCH, onBatch = () => undefined } = options;
  let [resealed, unreadable, after] = [0, 0, FIRST_ID];
  for (;;) {
    const { rows } = await pool.query<Row>(due(column), [vault.keyId, after, batch]);
    const fresh = rows.map((row) => ({ ...row, fresh: reseal(vault, column, row) }));
    const good = fresh.filter((row): row is Row & { fresh: Buffer } => row.fresh !== null);
    const values = [good.map(({ id }) => id), good.map(({ sealed }) => sealed), good.map((row) => row.fresh)];
    const { rowCount } = good.length === 0 ? { rowCount: 0 } : await pool.query(replacement(column), values);
    resealed += rowCount ?? 0;
    unreadable += rows.length - good.length;
    if (rows.length > 0) onBatch(column, rowCount ?? 0);
    if (rows.length < batch) return { resealed, unreadable };
    after = rows.at(-1)?.id ?? after;
  }
}

async function passAll(tools: Tools): Promise<{ resealed: number; unreadable: number }> {
  let [resealed, unreadable] = [0, 0];
  for (const column of sealedColumns) {
    const found = await pass(tools, column);
    resealed += found.resealed;
    unreadable += found.unreadable;
  }
  return { resealed, unreadable };
}

/**
 * Seals everything anew with the data key of today that another one sealed: in batches, while servers that have both keys read and
 * write. Cut short, it goes on where it was; done, it finds nothing to do.
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
