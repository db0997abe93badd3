import type pg from "pg";
import type { Config } from "../utils/config.ts";
import { migrateDatabase } from "./audit/migrate-database.ts";
import { findAddresses, startEmbedded } from "./embedded.ts";
import { createPool } from "./pool.ts";

/**
 * The installation's database for a command, whether or not a server runs. `auditUrl` is the address of a role that may remove expired
 * entries of the audit log; null if only the server's own role might.
 */
export type CommandDatabase = { readonly pool: pg.Pool; readonly auditUrl: string | null; close(): Promise<void> };

type Found = { url: string; ownerUrl: string | null; isServed: boolean; close(): Promise<void> };

const nothing = async (): Promise<void> => undefined;

async function find({ database, dataDir }: Config): Promise<Found> {
  if (database !== undefined) return { url: database.url, ownerUrl: null, isServed: false, close: nothing };
  const served = await findAddresses(dataDir);
  if (served !== null) return { ...served, isServed: true, close: nothing };
  const { url, ownerUrl, stop } = await startEmbedded({ dataDir });
  return { url, ownerUrl, isServed: false, close: stop };
}

/**
 * Opens the configured database; otherwise the one that a running server uses in the data folder; otherwise starts the embedded one
 * temporarily. Migrates it unless a running server has done so.
 */
export async function openForCommand(config: Config): Promise<CommandDatabase> {
  const { url, ownerUrl, isServed, close } = await find(config);
  const pool = createPool(url, { max: 2, onError: (error) => console.error(error.message) });
  const closeAll = async (): Promise<void> => {
    await pool.end();
    await close();
  };
  try {
    if (!isServed) await migrateDatabase(pool, ownerUrl);
    return { pool, auditUrl: ownerUrl ?? config.auditDatabase?.url ?? null, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
