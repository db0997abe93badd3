import { randomBytes } from "node:crypto";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, inject, it } from "vitest";
import { createPool } from "../../../prisma/pool.ts";
import { beginEpoch, readEpoch } from "../../../services/history/history-epoch.ts";
import { createEpochKeeper } from "../../../services/history/history-epoch-keeper.ts";
import { createLogger } from "../../../utils/log.ts";
import { cutOff, dropDatabase, type TestDatabase, testDatabase } from "../../support/database/db.ts";
import { databaseUrl } from "../../support/database/postgres.ts";

const logger = createLogger({ mode: "test", logLevel: "error" });
const open = (url: string): pg.Pool => createPool(url, { max: 2, onError: () => undefined });

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(() => database.drop());

describe("the history epoch of a database", () => {
  it("stays the same across server restarts", async () => {
    const first = await readEpoch(database.pool);
    const one = open(database.url);
    const two = open(database.url);
    expect(await Promise.all([readEpoch(one), readEpoch(two), readEpoch(one)])).toEqual([first, first, first]);
    await Promise.all([one.end(), two.end()]);
  });

  it("is the same for all servers that create it at once", async () => {
    const pools = Array.from({ length: 4 }, () => open(database.url));
    expect(new Set(await Promise.all(pools.map(readEpoch))).size).toBe(1);
    await Promise.all(pools.map((pool) => pool.end()));
  });

  it("changes in a copy of the database, and then stays the same", async () => {
    const first = await readEpoch(database.pool);
    const name = `test_${randomBytes(6).toString("hex")}`;
    const admin = open(inject("postgresUrl"));
    const source = new URL(database.url).pathname.slice(1);
    await cutOff(admin, source);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${source}`);
    const copy = open(databaseUrl(inject("postgresUrl"), name));
    const second = await readEpoch(copy);
    expect(second).not.toBe(first);
    expect(await readEpoch(copy)).toBe(second);
    expect(await readEpoch(database.pool)).toBe(first);
    await copy.end();
    await dropDatabase(admin, name);
    await admin.end();
  });

  it("changes after the tables were recreated, as by a restored dump", async () => {
    const first = await readEpoch(database.pool);
    await database.pool.query("CREATE TABLE laid (LIKE rooms INCLUDING ALL)");
    await database.pool.query("ALTER TABLE rooms RENAME TO former");
    await database.pool.query("ALTER TABLE laid RENAME TO rooms");
    expect(await readEpoch(database.pool)).not.toBe(first);
  });

  it("can be changed by command", async () => {
    const first = await readEpoch(database.pool);
    const begun = await beginEpoch(database.pool);
    expect(begun).not.toBe(first);
    expect(await readEpoch(database.pool)).toBe(begun);
  });

  it("is read again after the connections of a server broke, and its change is reported once", async () => {
    const keeper = await createEpochKeeper(database.pool, logger);
    const before = keeper.current();
    const changed = new Promise<void>((resolve) => keeper.onChange(resolve));
    const begun = await beginEpoch(database.pool);
    expect(keeper.current()).toBe(before);
    keeper.suspect();
    keeper.suspect();
    await changed;
    expect(keeper.current()).toBe(begun);
  });
});
