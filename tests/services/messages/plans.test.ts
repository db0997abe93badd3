import { afterAll, beforeAll, expect, it } from "vitest";
import { type App, bootApp } from "../../support/app.ts";
import { type TestDatabase, testDatabase } from "../../support/db.ts";
import { makeGuest, makeRoom } from "../../support/factories.ts";
import { fillRoom } from "../../support/many-messages.ts";
import { wholeReads } from "../../support/plans.ts";

let database: TestDatabase;
let app: App;

beforeAll(async () => {
  database = await testDatabase();
  app = await bootApp({ database: database.url });
  const people = await Promise.all([makeGuest(app.services), makeGuest(app.services)]);
  const authorIds = people.map(({ actor }) => actor.id);
  for (const amount of [20_000, 10]) await fillRoom(database.pool, { roomId: await makeRoom(app.services), authorIds, amount });
  await database.pool.query("ANALYZE messages, rooms, users");
});

afterAll(async () => {
  await app.close();
  await database.drop();
});

it("no statement about messages reads a table whole, with the plan for its values or the one kept for all", async () => {
  const found = await wholeReads(database.pool);
  expect(found.size).toBeGreaterThanOrEqual(7);
  for (const [name, tables] of found) expect({ name, tables }).toEqual({ name, tables: [] });
});
