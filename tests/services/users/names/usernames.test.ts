import { describe, expect, it } from "vitest";
import { deriveKeys } from "../../../../services/auth/tokens/keys.ts";
import { skeletonOf } from "../../../../services/users/names/confusables.ts";
import { isAllowedUsername, readUsername } from "../../../../services/users/names/username-rules.ts";
import { validateMemberName } from "../../../../services/users/names/validate-member-name.ts";
import { validateUsername } from "../../../../services/users/names/validate-username.ts";
import { systemClock } from "../../../../utils/clock.ts";
import { TEST_SECRET } from "../../../support/app.ts";
import { makeGuest, makeMember } from "../../../support/factories.ts";
import { databaseForFile } from "../../../support/for-file.ts";

const issuer = () => ({ ...database, keys: deriveKeys({ current: TEST_SECRET }), now: systemClock });

const database = await databaseForFile();

describe("the format of a username", () => {
  it.each(["al", "a1", "anna.lena", "x_y-z.9", "0".repeat(32)])("accepts %s", (name) =>
    expect(readUsername(` ${name.toUpperCase()} `)).toBe(name),
  );

  it.each(["a", "", "0".repeat(33), ".anna", "anna-", "an na", "ann@", "änna", "анна", "anna\u0000", "anna\u200B"])(
    "cannot be %j",
    (name) => {
      expect(isAllowedUsername(name)).toBe(false);
      expect(() => readUsername(name)).toThrow("invalid_input");
    },
  );

  it.each(["admin", "adm1n", "moderators", "deleted-user"])("rejects the reserved name %j", async (name) => {
    expect(isAllowedUsername(name)).toBe(false);
    await expect(validateUsername(database.db, name)).rejects.toMatchObject({
      code: "name_taken",
      data: { field: "username", suggestions: Array(3).fill(expect.any(String)) },
    });
  });
});

describe("registering a username", () => {
  it("rejects look-alikes of other usernames, and suggests available ones", async () => {
    await makeMember(issuer(), { username: "paul.miller", displayName: "Somebody" });
    for (const wanted of ["paul.miller", "paul-mi11er", "PAULMILLER", "pau1_miller"]) {
      const validation = validateUsername(database.db, wanted);
      await expect(validation).rejects.toMatchObject({
        code: "name_taken",
        data: { field: "username", suggestions: [expect.any(String), expect.any(String), expect.any(String)] },
      });
      const { data } = (await validation.catch((error: { data: { suggestions: string[] } }) => error)) as {
        data: { suggestions: string[] };
      };
      for (const name of data.suggestions) expect(await validateUsername(database.db, name)).toBe(name);
    }
    expect(await validateUsername(database.db, "paul.muller")).toBe("paul.muller");
  });

  it("accepts the display name of a guest or a member, but no other username and no moderator's name", async () => {
    await makeGuest(issuer(), { displayName: "Petra" });
    await makeMember(issuer(), { username: "petra-lang", displayName: "Paula" });
    const chief = await makeMember(issuer(), { username: "chief-of-all", displayName: "The Chief", role: "moderator" });
    const choose = (wanted: string, userId: string | null = null) => validateMemberName(database.db, { wanted, userId });
    expect([await choose("Petra"), await choose(" Paula ")]).toEqual(["Petra", "Paula"]);
    for (const wanted of ["Petra Lang", "Τhe Chief", "chief of all", "Site Admin"])
      await expect(choose(wanted)).rejects.toMatchObject({
        code: "name_taken",
        data: { suggestions: [expect.any(String), expect.any(String), expect.any(String)] },
      });
    expect([await choose("Chief of All", chief.id), await choose("The Chief", chief.id)]).toEqual(["Chief of All", "The Chief"]);
    await expect(choose("The\u202EChief")).rejects.toMatchObject({ code: "invalid_input" });
  });
});

it("treats punctuation as significant between digits only", () => {
  const looks = (...names: string[]) => new Set(names.map(skeletonOf)).size;
  expect(looks("user1_23", "user12_3", "user123")).toBe(3);
  expect(looks("user1_23", "user1-23", "USER 1.23")).toBe(1);
  expect(looks("lil-34", "1i1-34", "l1l_34")).toBe(1);
  expect(looks("lil-l", "lil-1", "lill")).toBe(1);
  expect(looks("wal-ker", "walker", "wa1ker")).toBe(1);
  expect(looks("paulo-lima", "paulolima")).toBe(1);
});
