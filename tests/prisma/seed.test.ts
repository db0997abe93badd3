import { afterEach, beforeEach, expect, it } from "vitest";
import { seed } from "../../prisma/seed.ts";
import { languageCode } from "../../utils/contract/schemas/primitives.ts";
import { type TestDatabase, testDatabase } from "../support/database/db.ts";

let database: TestDatabase;

beforeEach(async () => {
  database = await testDatabase();
});

afterEach(() => database.drop());

it("seeding: creates lounges and language rooms in an empty database", async () => {
  expect(await seed(database.pool, { seedRooms: 0 })).toBe(true);
  const lounges = await database.db.lounge.findMany({ include: { rooms: true }, orderBy: { position: "asc" } });
  expect(lounges).toHaveLength(6);
  expect(lounges.map(({ accessLevel }) => accessLevel)).toEqual(["open", "open", "open", "open", "open", "registered"]);
  for (const lounge of lounges) {
    expect(lounge.iconColor).toMatch(/^#[0-9a-f]{6}$/);
    expect(lounge.description.length).toBeGreaterThan(20);
    expect(lounge.rooms.map(({ languageCode: code }) => code)).toContain("en");
  }
  const rooms = lounges.flatMap((lounge) => lounge.rooms);
  expect(new Set(rooms.map(({ name }) => name)).size).toBe(12);
  for (const room of rooms) expect(languageCode.safeParse(room.languageCode).success).toBe(true);
});

it("seeding: leaves a seeded database unchanged", async () => {
  await seed(database.pool, { seedRooms: 0 });
  await database.db.lounge.updateMany({ data: { name: "Renamed" } });
  expect(await seed(database.pool, { seedRooms: 50 })).toBe(false);
  expect(await database.db.lounge.count({ where: { name: { not: "Renamed" } } })).toBe(0);
});

it("seeding: creates one set when two processes start at the same time", async () => {
  const outcomes = await Promise.all([seed(database.pool, { seedRooms: 0 }), seed(database.pool, { seedRooms: 0 })]);
  expect(outcomes.sort()).toEqual([false, true]);
  expect(await database.db.lounge.count()).toBe(6);
});

it("seeding: adds exactly the additional open rooms that load tests request", async () => {
  await seed(database.pool, { seedRooms: 25 });
  const further = await database.db.lounge.findMany({ where: { slug: { startsWith: "load-" } }, include: { rooms: true } });
  expect(further.every(({ accessLevel }) => accessLevel === "open")).toBe(true);
  expect(further.map(({ rooms }) => rooms.length).sort((a, b) => a - b)).toEqual([1, 12, 12]);
});
