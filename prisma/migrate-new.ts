/** `npm run migrate:new -- <name>`: writes the migration from the latest one to prisma/schema. */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { driftOf } from "./drift.ts";
import { startEmbedded } from "./embedded.ts";
import { migrate } from "./migrate.ts";
import { createPool } from "./pool.ts";

const MIGRATIONS_FOLDER = new URL("./migrations/", import.meta.url);

/** Returns the missing SQL, determined on a scratch database; null when the migrations match the schema files. */
async function missingSql(): Promise<string | null> {
  const dataDir = await mkdtemp(join(tmpdir(), "chatroom-scratch-"));
  const database = await startEmbedded({ dataDir, isDurable: false });
  try {
    const pool = createPool(database.url, { onError: (error) => console.error(error.message) });
    await migrate(pool);
    await pool.end();
    const { hasDrift, sql } = await driftOf(database.url);
    return hasDrift ? sql : null;
  } finally {
    await database.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function writeMigration(name: string, sql: string): Promise<string> {
  const moment = new Date().toISOString().replace(/\D/g, "").slice(0, 14);
  const folder = new URL(`${moment}_${name}/`, MIGRATIONS_FOLDER);
  await mkdir(folder);
  await writeFile(new URL("migration.sql", folder), sql);
  return `prisma/migrations/${moment}_${name}/migration.sql`;
}

async function run(name: string): Promise<string> {
  if (!/^[a-z][a-z0-9_]{1,60}$/.test(name)) {
    throw new Error(
      "The name of a migration must consist of lowercase letters, digits and underscores: npm run migrate:new -- add_reactions",
    );
  }
  const sql = await missingSql();
  if (sql === null) return "The migrations already match the schema files. No migration was written.";
  return `Wrote ${await writeMigration(name, sql)}. Review it, and add the checks that the schema files cannot express.`;
}

run(process.argv[2] ?? "").then(console.log, (error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
