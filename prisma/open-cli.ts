import type pg from "pg";
import type { Config } from "../utils/config.ts";
import { findEmbedded, startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { createPool } from "./pool.ts";

/** The installation's database for a command, whether or not a server runs. */
export type CommandDatabase = { readonly pool: pg.Pool; close(): Promise<void> };

const nothing = async (): Promise<void> => undefined;

async function find({ database, dataDir }: Config): Promise<{ url: string; isServed: boolean; close(): Promise<void> }> {
  if (database !== undefined) return { url: database.url, isServed: false, close: nothing };
  const served = await findEmbedded(dataDir);
  if (served !== null) return { url: served, isServed: true, close: nothing };
  const embedded = await startEmbedded({ dataDir });
  return { url: embedded.url, isServed: false, close: embedded.stop };
}

/**
 * Opens the configured database; otherwise the one that a running server uses in the data folder; otherwise starts the embedded one
 * temporarily. Migrates it unless a running server has done so.
 */
export async function openForCommand(config: Config): Promise<CommandDatabase> {
  const { url, isServed, close } = await find(config);
  const pool = createPool(url, { max: 2, onError: (error) => console.error(error.message) });
  const closeAll = async (): Promise<void> => {
    await pool.end();
    await close();
  };
  try {
    if (!isServed) await migrate(pool);
    return { pool, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
