import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, it } from "vitest";
import { allMigrations, type Migration, migrate, pendingMigrations } from "../../prisma/migrate.ts";
import { emptyDatabase, type TestDatabase } from "../support/database/db.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await emptyDatabase();
});

afterEach(() => database.drop());

const names = async (): Promise<string[]> => (await allMigrations()).map(({ name }) => name);

const migration = (name: string, sql: string): Migration => ({ name, sql, checksum: createHash("sha256").update(sql).digest("hex") });

const tables = async (): Promise<string[]> => {
  const { rows } = await database.pool.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' ORDER BY 1",
  );
  return rows.map(({ name }) => name);
};

it("migrating: applies every migration to a new database, and nothing the second time", async () => {
  expect(await pendingMigrations(database.pool)).toEqual(await names());
  expect(await migrate(database.pool)).toEqual(await names());
  expect(await tables()).toContain("messages");
  expect(await migrate(database.pool)).toEqual([]);
  expect(await pendingMigrations(database.pool)).toEqual([]);
});

it("migrating: records the migrations in Prisma's format, so that its tools can continue from there", async () => {
  await migrate(database.pool);
  const { rows } = await database.pool.query("SELECT * FROM _prisma_migrations ORDER BY migration_name");
  const [first] = await allMigrations();
  expect(rows).toHaveLength((await names()).length);
  expect(rows[0]).toMatchObject({
    migration_name: first?.name,
    checksum: first?.checksum,
    applied_steps_count: 1,
    rolled_back_at: null,
    logs: null,
  });
  expect(rows[0].finished_at).toBeInstanceOf(Date);
});

it("migrating: runs once when two processes migrate at the same time", async () => {
  const done = await Promise.all([migrate(database.pool), migrate(database.pool)]);
  expect(done.flat()).toEqual(await names());
});

it("migrating: stops when an applied file was changed, and names it", async () => {
  const before = migration("1_first", "CREATE TABLE first (id int)");
  expect(await migrate(database.pool, [before])).toEqual(["1_first"]);
  const after = [migration("1_first", "CREATE TABLE first (id bigint)"), migration("2_second", "CREATE TABLE second (id int)")];
  await expect(migrate(database.pool, after)).rejects.toThrow(/1_first was changed after it was applied/);
  expect(await tables()).toEqual(["first"]);
});

it("migrating: stops after a migration that another process began and did not finish", async () => {
  const only = migration("1_first", "CREATE TABLE first (id int)");
  await migrate(database.pool, [only]);
  await database.pool.query("UPDATE _prisma_migrations SET finished_at = NULL");
  await expect(migrate(database.pool, [only])).rejects.toThrow(/1_first was started but not finished/);
});

it("migrating: rolls back a failing migration, keeps those before it, and succeeds once it is fixed", async () => {
  const first = migration("1_first", "CREATE TABLE first (id int)");
  const broken = migration("2_second", "CREATE TABLE second (id int); SELECT 1 / 0");
  await expect(migrate(database.pool, [first, broken])).rejects.toThrow(/2_second failed and was rolled back: division by zero/);
  expect(await tables()).toEqual(["first"]);
  expect(await migrate(database.pool, [first, migration("2_second", "CREATE TABLE second (id int)")])).toEqual(["2_second"]);
});
