import { randomBytes } from "node:crypto";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type pg from "pg";
import { inject } from "vitest";
import { createClient } from "../../prisma/client.ts";
import { startEmbedded } from "../../prisma/embedded.ts";
import type { PrismaClient } from "../../prisma/generated/client.ts";
import { migrate } from "../../prisma/migrate.ts";
import { createPool } from "../../prisma/pool.ts";
import { databaseUrl, TEMPLATE } from "./postgres.ts";

export type TestDatabase = {
  readonly url: string;
  readonly pool: pg.Pool;
  readonly db: PrismaClient;
  /** Closes and removes the database; whoever is still connected is cut off. */
  drop(): Promise<void>;
};

/** Broken connections are what some tests are about; those that matter show as failed queries. */
const ignoreErrors = (): void => undefined;

async function onCluster(statement: string): Promise<void> {
  const admin = createPool(inject("postgresUrl"), { max: 1, onError: ignoreErrors });
  try {
    await admin.query(statement);
  } finally {
    await admin.end();
  }
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

/** A database of its own on the cluster of this run, without any table. */
export async function emptyDatabase(): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onCluster(`CREATE DATABASE ${name}`);
  return open(databaseUrl(inject("postgresUrl"), name), () => onCluster(`DROP DATABASE ${name} WITH (FORCE)`));
}

/** A folder for a test, removed by `remove`, with what a link in it keeps elsewhere. */
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
 * A migrated database without rows, for one test file. Its cluster forgoes the promise that commits survive a
 * power cut, which makes it quick; `isDurable` makes a cluster of its own that keeps it.
 */
export async function testDatabase(options: { readonly isDurable?: boolean } = {}): Promise<TestDatabase> {
  if (options.isDurable) return durableDatabase();
  const name = `test_${randomBytes(6).toString("hex")}`;
  await onCluster(`CREATE DATABASE ${name} TEMPLATE ${TEMPLATE}`);
  return open(databaseUrl(inject("postgresUrl"), name), () => onCluster(`DROP DATABASE ${name} WITH (FORCE)`));
}
