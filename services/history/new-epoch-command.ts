// `npm run epoch:new`: begins a new epoch manually, while every server is stopped.
import { migrateDatabase } from "../../prisma/audit/migrate-database.ts";
import { runCommand } from "../../prisma/command.ts";
import { DatabaseInUseError, type EmbeddedDatabase, startEmbedded } from "../../prisma/embedded.ts";
import { ServersRunningError, withServersStopped } from "../../prisma/node-lock.ts";
import { createPool } from "../../prisma/pool.ts";
import { beginEpoch } from "./history-epoch.ts";

const startExclusive = (dataDir: string): Promise<EmbeddedDatabase> =>
  startEmbedded({ dataDir }).catch((error: unknown) => {
    throw error instanceof DatabaseInUseError ? new ServersRunningError() : error;
  });

async function begin({ url, ownerUrl }: { url: string; ownerUrl: string | null }): Promise<string> {
  const pool = createPool(url, { max: 2, onError: (error) => console.error(error.message) });
  try {
    return await withServersStopped(pool, async () => {
      await migrateDatabase(pool, ownerUrl);
      return beginEpoch(pool);
    });
  } finally {
    await pool.end();
  }
}

await runCommand(async ({ database, dataDir }) => {
  const embedded = database === undefined ? await startExclusive(dataDir) : null;
  try {
    const epoch = await begin({ url: database?.url ?? embedded?.url ?? "", ownerUrl: embedded?.ownerUrl ?? null });
    console.log(`The new epoch is ${epoch}. Clients take a fresh snapshot when they connect.`);
  } finally {
    await embedded?.stop();
  }
});
