import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type pg from "pg";

/** The build copies the migrations next to the compiled file, so this URL is valid in both places. */
const MIGRATIONS_FOLDER = new URL("./migrations/", import.meta.url);

/** The advisory lock Prisma takes while it migrates. */
const MIGRATION_LOCK = 72_707_369;

/** Prisma's own migrations table, column for column, so that `prisma migrate deploy` can continue from it. */
const MIGRATIONS_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/** One migration: its folder's name, its SQL, and the SHA-256 of the file as hexadecimal text. */
export type Migration = { readonly name: string; readonly sql: string; readonly checksum: string };

type Entry = { migration_name: string; checksum: string; finished_at: Date | null };

/** The migrations cannot continue without manual intervention. */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MigrationError";
  }
}

async function readMigration(name: string): Promise<Migration> {
  const bytes = await readFile(new URL(`${name}/migration.sql`, MIGRATIONS_FOLDER));
  return { name, sql: bytes.toString("utf8"), checksum: createHash("sha256").update(bytes).digest("hex") };
}

/** Returns all migrations of this version of the program, in the order in which they are applied. */
export async function allMigrations(): Promise<Migration[]> {
  const entries = await readdir(MIGRATIONS_FOLDER, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(names.sort().map(readMigration));
}

async function readApplied(client: pg.Pool | pg.PoolClient): Promise<Map<string, Entry>> {
  const { rows } = await client.query<Entry>(
    "SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL",
  );
  return new Map(rows.map((row) => [row.migration_name, row]));
}

/** Returns the pending migrations. Rejects a migrations table with a changed checksum or a failed attempt. */
function missingFrom(applied: ReadonlyMap<string, Entry>, migrations: readonly Migration[]): Migration[] {
  for (const { name, checksum } of migrations) {
    const entry = applied.get(name);
    if (entry === undefined) continue;
    if (entry.finished_at === null)
      throw new MigrationError(
        `The migration ${name} was started but not finished. Repair the database, then update its row in _prisma_migrations.`,
      );
    if (entry.checksum !== checksum)
      throw new MigrationError(`The migration ${name} was changed after it was applied. Restore its file and write a new migration.`);
  }
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.PoolClient, migration: Migration): Promise<void> {
  const { name, sql, checksum } = migration;
  try {
    await client.query("BEGIN");
    await client.query(sql);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, now(), clock_timestamp(), 1)`,
      [randomUUID(), checksum, name],
    );
    await client.query("COMMIT");
  } catch (cause) {
    await client.query("ROLLBACK");
    throw new MigrationError(`The migration ${name} failed and was rolled back: ${(cause as Error).message}`, { cause });
  }
}

async function applyMissing(client: pg.PoolClient, migrations: readonly Migration[]): Promise<string[]> {
  await client.query(MIGRATIONS_TABLE);
  const missing = missingFrom(await readApplied(client), migrations);
  for (const migration of missing) await apply(client, migration);
  return missing.map(({ name }) => name);
}

/**
 * Migrates a database as `prisma migrate deploy` would: each file in one transaction, one process at a time. Returns the names of the
 * applied migrations; an empty list if none was pending.
 * @throws MigrationError when an applied file was changed since, or one fails (it is then rolled back completely)
 */
export async function migrate(pool: pg.Pool, migrations?: readonly Migration[]): Promise<string[]> {
  const available = migrations ?? (await allMigrations());
  const client = await pool.connect();
  try {
    await client.query("SELECT pg_advisory_lock($1)", [MIGRATION_LOCK]);
    return await applyMissing(client, available);
  } finally {
    // Closing the connection releases the lock, whatever state the session is in.
    client.release(true);
  }
}

let ownMigrations: Promise<Migration[]> | null = null;

/** Reads and hashes the migration files once: the files of a running program do not change. */
async function readOwnMigrations(): Promise<Migration[]> {
  ownMigrations ??= allMigrations();
  try {
    return await ownMigrations;
  } catch (error) {
    ownMigrations = null;
    throw error;
  }
}

/** Returns the names of the migrations that are pending on this database. */
export async function pendingMigrations(pool: pg.Pool): Promise<string[]> {
  const migrations = await readOwnMigrations();
  const { rows } = await pool.query<{ book: string | null }>("SELECT to_regclass('_prisma_migrations')::text AS book");
  const applied = rows[0]?.book ? await readApplied(pool) : new Map<string, Entry>();
  return missingFrom(applied, migrations).map(({ name }) => name);
}
