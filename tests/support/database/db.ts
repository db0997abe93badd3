import { randomBytes } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { inject } from "vitest";
import { createClient } from "../../../prisma/client.ts";
import { startEmbedded } from "../../../prisma/embedded.ts";
import type { PrismaClient } from "../../../prisma/generated/client.ts";
import { migrate } from "../../../prisma/migrate.ts";
import { createPool } from "../../../prisma/pool.ts";
import { databaseUrl, TEMPLATE } from "./postgres.ts";

export type TestDatabase = {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly db: PrismaClient;
  /** Closes and drops the database; open connections are terminated. */
  drop(): Promise<void>;
};

/** Broken connections are the subject of some tests; where they matter they show as failed queries. */
const ignoreErrors = (): void => undefined;

async function onCluster(work: (admin: pg.Pool) => Promise<unknown>): Promise<void> {
  const admin = createPool(inject("postgresUrl"), { max: 1, onError: ignoreErrors });
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

/**
 * Terminates the application's connections to a database. It may not terminate autovacuum, on which `WITH (FORCE)` can fail; dropping or
 * copying the database asks autovacuum to end.
 */
export async function cutOff(admin: pg.Pool, name: string): Promise<void> {
  await admin.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND usename = current_user", [name]);
}

/** Drops a database that may still have connections. */
export async function dropDatabase(admin: pg.Pool, name: string): Promise<void> {
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await cutOff(admin, name);
  await admin.query(`DROP DATABASE ${name}`);
}

function open(url: string, remove: () => Promise<void>): TestDatabase {
  const pool = createPool(url, { onError: ignoreErrors });
  const db = createClient(pool);
  const drop = async () => {
    await db.$disconnect();
    await pool.end();
    await remove();
  };
  return { url, pool, db, drop };
}

async function newDatabase(clause: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onCluster((admin) => admin.query(`CREATE DATABASE ${name}${clause}`));
  return open(databaseUrl(inject("postgresUrl"), name), () => onCluster((admin) => dropDatabase(admin, name)));
}

/** Creates a database without tables on the cluster of this run. */
export const emptyDatabase = (): Promise<TestDatabase> => newDatabase("");

/** Creates a folder for a test; `remove` deletes it together with what a link in it points to. */
export async function testFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), "chatroom-test-"));
  const remove = async () => {
    const home = await realpath(join(path, "postgres")).catch(() => path);
    await Promise.all([home, path].map((folder) => rm(folder, { recursive: true, force: true })));
  };
  return { path, remove };
}

async function durableDatabase(): Promise<TestDatabase> {
  const folder = await testFolder();
  const cluster = await startEmbedded({ dataDir: folder.path });
  const database = open(cluster.url, () => cluster.stop().then(folder.remove));
  await migrate(database.pool);
  return database;
}

/**
 * Creates a migrated database without rows, for one test file. Its cluster does not guarantee that commits survive a power cut, which
 * makes it fast; `isDurable` creates a separate cluster that does.
 */
export const testDatabase = (options: { readonly isDurable?: boolean } = {}): Promise<TestDatabase> =>
  options.isDurable ? durableDatabase() : newDatabase(` TEMPLATE ${TEMPLATE}`);
