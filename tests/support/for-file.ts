import { afterAll } from "vitest";
import { type App, type AppOptions, bootApp } from "./app.ts";
import { type TestDatabase, testDatabase } from "./database/db.ts";

/** Creates a migrated database for the tests of the calling file; it is dropped after the last test. Call it at the file's top level. */
export async function databaseForFile(options?: Parameters<typeof testDatabase>[0]): Promise<TestDatabase> {
  const database = await testDatabase(options);
  afterAll(() => database.drop());
  return database;
}

type FileOptions = Omit<AppOptions, "database"> & Parameters<typeof testDatabase>[0];

/** Starts an app on a database of its own, as `databaseForFile`; it is closed before the database is dropped. */
export async function appForFile({ isDurable = false, ...options }: FileOptions = {}): Promise<{ app: App; database: TestDatabase }> {
  const database = await databaseForFile({ isDurable });
  const app = await bootApp({ database: database.url, ...options });
  afterAll(() => app.close());
  return { app, database };
}
