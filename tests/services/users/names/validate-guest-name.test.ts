import { beforeAll, expect, it } from "vitest";
import { skeletonOf } from "../../../../services/users/names/confusables.ts";
import { validateGuestName } from "../../../../services/users/names/validate-guest-name.ts";
import { databaseForFile } from "../../../support/for-file.ts";

const database = await databaseForFile();

beforeAll(async () => {
  const member = { kind: "member" as const, role: "member" as const, languages: [] };
  const username = "annabelle";
  const displayName = "Marie Curie";
  await database.db.user.create({
    data: { ...member, username, usernameSkeleton: skeletonOf(username), displayName, nameSkeleton: skeletonOf(displayName) },
  });
  await database.db.user.create({
    data: { kind: "guest", role: "guest", languages: [], displayName: "Zoe", nameSkeleton: skeletonOf("Zoe") },
  });
});

it.each(["Annabelle", "аnnabelle", "ANNABE11E", "Marie Curie", "mariecurie", "Mаrie_Curie"])(
  "a guest name: %s is rejected as a look-alike of a member's name, with three available suggestions",
  async (name) => {
    const error = await validateGuestName(database.db, name).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "name_taken",
      data: { suggestions: [expect.any(String), expect.any(String), expect.any(String)] },
    });
    const { suggestions } = (error as { data: { suggestions: string[] } }).data;
    expect(new Set(suggestions).size).toBe(3);
    for (const suggestion of suggestions) expect(await validateGuestName(database.db, suggestion)).toBe(suggestion);
  },
);

it("a guest name: is accepted as requested if it is available, also if another guest has it", async () => {
  expect(await validateGuestName(database.db, " Zoe ")).toBe("Zoe");
});

it("a guest name: is generated if none was requested", async () => {
  expect(await validateGuestName(database.db, undefined)).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+ \d\d$/);
});
