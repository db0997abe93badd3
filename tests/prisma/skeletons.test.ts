import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { skeletonOf } from "../../services/users/names/confusables.ts";
import { newId } from "../../utils/ids.ts";
import { databaseForFile } from "../support/for-file.ts";

const MIGRATION = new URL("../../prisma/migrations/20261128150000_skeletons/migration.sql", import.meta.url);

const database = await databaseForFile();

type Skeletons = { username: string | null; name: string };

async function addUser(username: string | null, displayName: string, skeletons: Skeletons, id = newId()) {
  await database.db.user.create({
    data: {
      id,
      kind: username === null ? "guest" : "member",
      role: username === null ? "guest" : "member",
      languages: [],
      username,
      displayName,
      usernameSkeleton: skeletons.username,
      nameSkeleton: skeletons.name,
    },
  });
  return id;
}

const migrateSkeletons = async (): Promise<void> => {
  await database.pool.query(await readFile(MIGRATION, "utf8"));
};

const skeletonsOf = (id: string) =>
  database.db.user.findUniqueOrThrow({ where: { id }, select: { usernameSkeleton: true, nameSkeleton: true } });

describe("the migration of stored skeletons", () => {
  it.each([
    ["Wanda Wolf", "vvanda", "wandawolf"],
    ["ᴀɴɴᴀ ᴍᴀʏ", "arnrny", "ᴀɴɴᴀʍᴀy"],
    ["🅰nna 🅼🅸🅽🅳🆆", "blacksquares", "🅰nna🅼🅸🅽🅳🆆"],
    ["Максим", "rnaksirn", "ʍaĸcᴎʍ"],
    ["Emma", "ernrna", "ernrna"],
  ])("updates the skeleton of %s", async (displayName, username, old) => {
    const id = await addUser(username, displayName, { username, name: old });
    await migrateSkeletons();
    expect(await skeletonsOf(id)).toEqual({ usernameSkeleton: username, nameSkeleton: skeletonOf(displayName) });
  });

  it("keeps both of two usernames that look alike by the new confusables, and gives the skeleton to only one", async () => {
    // Sorted, because ids of the same millisecond have no order, and a fast machine adds two accounts within one.
    const ids = Array.from({ length: 4 }, newId).sort();
    const older = await addUser("williarn", "W", { username: "wllllarn", name: "w" }, ids[0]);
    const younger = await addUser("vvilliarn", "V", { username: "vvllllarn", name: "v" }, ids[1]);
    const first = await addUser("wawona", "W", { username: "wawona", name: "w" }, ids[2]);
    const second = await addUser("wavvona", "W", { username: "wavvona", name: "w" }, ids[3]);
    await migrateSkeletons();
    expect((await skeletonsOf(older)).usernameSkeleton).toBe("wllllarn");
    expect((await skeletonsOf(younger)).usernameSkeleton).toBe(skeletonOf("williarn"));
    expect((await skeletonsOf(first)).usernameSkeleton).toBe(skeletonOf("wawona"));
    expect((await skeletonsOf(second)).usernameSkeleton).toBe("wavvona");
  });
});
