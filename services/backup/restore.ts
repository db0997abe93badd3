import { migrateDatabase } from "../../prisma/audit/migrate-database.ts";
import { type RestoreOptions, restoreFiles } from "../../prisma/embedded/restore.ts";
import { startEmbedded } from "../../prisma/embedded.ts";
import { createPool } from "../../prisma/pool.ts";
import { beginEpoch } from "../history/history-epoch.ts";

/**
 * Restores a backup into an empty data folder, recovers it, and begins a new epoch, so that clients which are ahead of the restored
 * state take a fresh snapshot. The database is stopped at the end.
 * @throws Error when the folder is not empty, the backup is unusable, or PostgreSQL cannot recover it
 */
export async function restore(options: RestoreOptions): Promise<void> {
  await restoreFiles(options);
  const embedded = await startEmbedded({ dataDir: options.dataDir });
  const pool = createPool(embedded.url, { max: 1, onError: (error) => console.error(error.message) });
  try {
    await migrateDatabase(pool, embedded.ownerUrl);
    await beginEpoch(pool);
  } finally {
    await pool.end();
    await embedded.stop();
  }
}
