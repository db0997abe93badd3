import type pg from "pg";
import { inTransaction } from "../../prisma/transaction.ts";
import { newId } from "../../utils/ids.ts";

/** What changes when a database's data comes from elsewhere; each part is left out where the server may not read it. */
const PARTS = [
  // A dump brought into another cluster.
  "SELECT system_identifier::text AS part FROM pg_control_system()",
  // A point-in-time recovery, or a standby that took over.
  "SELECT timeline_id::text AS part FROM pg_control_checkpoint()",
  // A dump brought into a new database, or over the old tables.
  "SELECT oid::text AS part FROM pg_database WHERE datname = current_database()",
  "SELECT 'rooms'::regclass::oid::text AS part",
  // A copy of the files laid back: the file never changes, so its inode's change time tells when it was laid.
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
 * The epoch of this database's history. It stays the same across restarts and differs after a restore, so that clients
 * take a fresh snapshot instead of skipping what the restored history numbers anew.
 */
export async function readEpoch(pool: pg.Pool): Promise<string> {
  const fingerprint = await fingerprintOf(pool);
  return inTransaction(pool, async (client) => {
    // One history for all nodes that start at once: whoever comes second finds the first one's row.
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

/** Begins a new epoch by hand: after a restore that leaves no trace the server could see, such as a disk snapshot. */
export async function beginEpoch(pool: pg.Pool): Promise<string> {
  return insertEpoch(pool, await fingerprintOf(pool));
}
