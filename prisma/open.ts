import type pg from "pg";
import type { Config } from "../utils/config.ts";
import { migrateDatabase } from "./audit/migrate-database.ts";
import { createClient } from "./client.ts";
import { startEmbedded } from "./embedded.ts";
import type { PrismaClient } from "./generated/client.ts";
import { createMonitor, type DatabaseMonitor } from "./monitor.ts";
import { acquireNodeLock } from "./node-lock.ts";
import { createPool } from "./pool.ts";
import { requireSessions } from "./pooling.ts";
import { seed } from "./seed.ts";

/** A call must be answered within 5 s, so a query must not take longer than this. */
const QUERY_MS = 4_000;

/**
 * Connections of the message writer: one for commits, one for repeated sends, and the rest for rooms that another transaction has locked,
 * each of which may wait for its lock.
 */
const WRITE_CONNECTIONS = 6;

/** Connections to one database. `writePool` is small and reserved for the message writer, so that reads never delay a commit. */
export type Connections = {
  readonly pool: pg.Pool;
  readonly writePool: pg.Pool;
  readonly db: PrismaClient;
  readonly monitor: DatabaseMonitor;
  close(): Promise<void>;
};

/** The server's database, migrated and open. */
export type Database = Connections & {
  readonly url: string;
  /** The address of a role that may remove expired entries of the audit log; null if only the server's own role might. */
  readonly auditUrl: string | null;
  /** Resolves with the reason when an embedded database cannot be kept running. */
  readonly lost: Promise<string>;
};

type OpenOptions = {
  readonly onLog: (line: string) => void;
  readonly onBroken: (error: Error) => void;
  /** Aborted when the server must stop before its database is open. */
  readonly signal?: AbortSignal;
};

/** Opens the pools of a running and migrated database. */
export function connect(url: string, { max = 20, onBroken }: { max?: number; onBroken: (error: Error) => void }): Connections {
  const monitor = createMonitor(url);
  const onError = (error: Error): void => {
    monitor.suspect();
    onBroken(error);
  };
  const pool = createPool(url, { max, queryTimeoutMs: QUERY_MS, onError });
  const writePool = createPool(url, { max: WRITE_CONNECTIONS, queryTimeoutMs: QUERY_MS, onError });
  const db = createClient(pool);
  const close = async (): Promise<void> => void (await Promise.all([db.$disconnect(), pool.end(), writePool.end(), monitor.close()]));
  return { pool, writePool, db, monitor, close };
}

/** The addresses of a database; `ownerUrl` is that of the superuser of an embedded one. */
type At = { readonly url: string; readonly ownerUrl: string | null };

/** Migrates and seeds a database. Migrations may take long, so they run on a pool without a query timeout. */
async function prepare({ url, ownerUrl }: At, seedRooms: number, onBroken: OpenOptions["onBroken"]): Promise<void> {
  const migrationPool = createPool(url, { max: 2, onError: onBroken });
  try {
    await migrateDatabase(migrationPool, ownerUrl);
    await seed(migrationPool, { seedRooms });
  } finally {
    await migrationPool.end();
  }
}

/** Opens a running database after migrating it. */
async function openAt(at: At, { database, seedRooms }: Config, { onBroken, signal }: OpenOptions): Promise<Connections> {
  const { url } = at;
  if (database) await requireSessions(url);
  signal?.throwIfAborted();
  await prepare(at, seedRooms, onBroken);
  signal?.throwIfAborted();
  const connections = connect(url, { onBroken });
  try {
    const lock = await acquireNodeLock(connections.monitor);
    const close = (): Promise<void> => {
      lock.release();
      return connections.close();
    };
    return { ...connections, close };
  } catch (error) {
    await connections.close();
    throw error;
  }
}

/**
 * Starts the embedded database unless another one is configured, migrates it, and seeds an empty one.
 * @throws DatabaseInUseError when a live process runs the embedded database of this folder
 * @throws PoolingModeError when the configured database is reached through a pooler without sessions
 * @throws Error after `signal` was aborted; nothing is left open then
 */
export async function openDatabase(config: Config, options: OpenOptions): Promise<Database> {
  const { onLog, signal } = options;
  const embedded = config.database ? null : await startEmbedded({ dataDir: config.dataDir, onLog, signal });
  const url = config.database?.url ?? embedded?.url ?? "";
  try {
    const connections = await openAt({ url, ownerUrl: embedded?.ownerUrl ?? null }, config, options);
    const lost = new Promise<string>((resolve) => {
      void embedded?.exited.then(({ isExpected, detail }) => isExpected || resolve(detail));
    });
    async function close(): Promise<void> {
      await connections.close();
      await embedded?.stop();
    }
    return { ...connections, url, auditUrl: embedded?.ownerUrl ?? config.auditDatabase?.url ?? null, lost, close };
  } catch (error) {
    await embedded?.stop();
    throw error;
  }
}
