import { afterEach, beforeEach, expect, it } from "vitest";
import { driftOf } from "../../prisma/drift.ts";
import { type TestDatabase, testDatabase } from "../support/database/db.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(() => database.drop());

it("the migrated database equals the schema files", async () => {
  expect(await driftOf(database.url)).toEqual({ hasDrift: false, sql: expect.stringContaining("empty migration") });
});

it("a column that the schema files do not contain is detected", async () => {
  await database.pool.query("ALTER TABLE users ADD COLUMN shoe_size int");
  const drift = await driftOf(database.url);
  expect(drift.hasDrift).toBe(true);
  expect(drift.sql).toMatch(/DROP COLUMN "shoe_size"/);
});
