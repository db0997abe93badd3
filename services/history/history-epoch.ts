import type pg from "pg";
import { inTransaction } from "../../prisma/transaction.ts";
import { newId } from "../../utils/ids.ts";

/** The values that change when the data comes from elsewhere; a value is skipped if the server has no permission to read it. */
const PARTS = [
  // A dump restored into another cluster.
  "SELECT system_identifier::text AS part FROM pg_control_system()",
  // A point-in-time recovery, or a standby that was promoted.
  "SELECT timeline_id::text AS part FROM pg_control_checkpoint()",
  // A dump restored into a new database, or over the old tables.
  "SELECT oid::text AS part FROM pg_database WHERE datname = current_database()",
  "SELECT 'rooms'::regclass::oid::text AS part",
  // A restored copy of the data files: this file never changes, so its inode change time is that of the copy.
  "SELECT change::text AS part FROM pg_stat_file('PG_VERSION')",
];

async function fingerprintOf(pool: pg.Pool): Promise<string> {
  const parts: string[] = [];
  for (const text of PARTS) {
    const found = await pool.query<{ part: string }>(text).catch((error: { code?: string }) => {
      if (error.code === "42501") return null;
      throw error;
    });
    parts.push(found?.rows[0]?.part ?? "-");
  }
  return parts.join(":");
}

/**
 * Returns the epoch of this database's history. It stays the same across restarts and changes after a restore, so that clients take a
 * fresh snapshot instead of skipping sequence numbers that the restored history assigns again.
 */
export async function readEpoch(pool: pg.Pool): Promise<string> {
  const fingerprint = await fingerprintOf(pool);
  return inTransaction(pool, async (client) => {
    // All nodes that start at once use one epoch: the second finds the row of the first.
    await client.query("SELECT pg_advisory_xact_lock(72707370)");
    const { rows } = await client.query<{ epoch: string; fingerprint: string }>(
      "SELECT epoch, fingerprint FROM database_history ORDER BY created_at DESC, epoch DESC LIMIT 1",
    );
    if (rows[0]?.fingerprint === fingerprint) return rows[0].epoch;
    return insertEpoch(client, fingerprint);
  });
}

async function insertEpoch(client: pg.Pool | pg.PoolClient, fingerprint: string): Promise<string> {
  const epoch = newId();
  await client.query("INSERT INTO database_history (epoch, fingerprint) VALUES ($1, $2)", [epoch, fingerprint]);
  return epoch;
}

/** Begins a new epoch manually, after a restore that the server cannot detect, such as a disk snapshot. */
export async function beginEpoch(pool: pg.Pool): Promise<string> {
  return insertEpoch(pool, await fingerprintOf(pool));
}
