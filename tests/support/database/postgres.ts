import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { startEmbedded } from "../../../prisma/embedded.ts";
import { migrate } from "../../../prisma/migrate.ts";
import { createPool } from "../../../prisma/pool.ts";

/** The template of every test database: migrated and empty. */
export const TEMPLATE = "chatroom_template";

declare module "vitest" {
  interface ProvidedContext {
    /** The address of a database of the test cluster, for creating and dropping others. */
    postgresUrl: string;
  }
}

/** Returns the address of another database of the same cluster. */
export function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${name}`;
  return address.href;
}

const refuseErrors = (error: Error): never => {
  throw error;
};

async function makeTemplate(url: string): Promise<void> {
  const admin = createPool(url, { max: 1, onError: refuseErrors });
  await admin.query(`CREATE DATABASE ${TEMPLATE}`);
  await admin.end();
  const pool = createPool(databaseUrl(url, TEMPLATE), { max: 1, onError: refuseErrors });
  await migrate(pool);
  await pool.end();
}

/** Runs once before all tests: starts one PostgreSQL for the whole run, in its own folder. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dataDir = await mkdtemp(join(tmpdir(), "chatroom-test-"));
  const database = await startEmbedded({ dataDir, isDurable: false });
  await makeTemplate(database.url);
  project.provide("postgresUrl", database.url);
  return async () => {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  };
}
