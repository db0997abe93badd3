import { expect, it } from "vitest";
import { namedIn } from "../../../../services/messages/text/mentions.ts";

const LONGEST = "a".repeat(32);
const ID = "01931b2c-77aa-7c11-9d2e-a1b2c3d4e5f6";

it.each([
  ["hello @anna, and @ben.", ["anna", "ben"]],
  ["@Anna.Lena...", ["anna.lena"]],
  ["@anna_-_ hello", ["anna"]],
  [`(@${LONGEST})`, [LONGEST]],
  [`@${LONGEST}a`, []],
  [`@${LONGEST}.a`, []],
  [`@anna${".".repeat(3_990)}b`, []],
  [`@anna${".".repeat(3_990)}`, ["anna"]],
  ["mail me@example.org or @-anna", []],
  ["`@anna` and ```\n@ben\n``` and @cleo", ["cleo"]],
  ["@a", ["a"]],
])("the usernames mentioned in %j", (text, usernames) => {
  expect(namedIn(text)).toEqual({ usernames, ids: [] });
});

it("the ids mentioned in a text: are unique and in lower case", () => {
  expect(namedIn(`<@${ID}> <@${ID.toUpperCase()}> \`<@${ID.replace("0", "1")}>\``)).toEqual({ usernames: [], ids: [ID] });
});
