import { randomInt } from "node:crypto";
import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { countGraphemes } from "../../../utils/text/graphemes.ts";

const ADJECTIVES =
  "Amber Bright Calm Clever Cosy Curious Early Fair Gentle Golden Happy Jolly Kind Lively Lucky Merry Mild Misty Nimble Quiet Silver Sunny Swift Warm".split(
    " ",
  );
const ANIMALS =
  "Badger Beaver Crane Dolphin Falcon Finch Fox Hare Heron Ibis Koala Lark Lynx Marten Newt Otter Owl Panda Puffin Robin Seal Sparrow Swan Wren".split(
    " ",
  );

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";

/** Returns a random, inoffensive name, such as "Quiet Otter 42". */
export const randomName = (): string => `${pick(ADJECTIVES)} ${pick(ANIMALS)} ${randomInt(10, 100)}`;

/** Returns variations of the wanted name, and random names in case none of those is free. */
export function variationsOf(wanted: string): string[] {
  const variations = [
    `${wanted} ${randomInt(10, 100)}`,
    `${pick(ADJECTIVES)} ${wanted}`,
    `${wanted} ${pick(ANIMALS)}`,
    `${wanted} ${randomInt(100, 1_000)}`,
  ];
  return [
    ...variations.filter((name) => countGraphemes(name, limits.nameGraphemes.max) <= limits.nameGraphemes.max),
    randomName(),
    randomName(),
    randomName(),
  ];
}

const SUGGESTIONS = 3;
const TRIES = 20;

/** Proposes names, and filters those that are free. */
export type NameSource = { readonly propose: () => readonly string[]; readonly freeOf: (names: readonly string[]) => Promise<string[]> };

/** Returns up to `count` free names; fewer if enough are not found within `TRIES` proposals. */
export async function findFreeNames({ propose, freeOf }: NameSource, count = SUGGESTIONS): Promise<string[]> {
  const free = new Set<string>();
  for (let tries = 0; tries < TRIES && free.size < count; tries++) for (const name of await freeOf(propose())) free.add(name);
  return [...free].slice(0, count);
}

/** Returns the error for a name that is taken, confusable with another or reserved, with three free suggestions. */
export const nameTaken = async (field: "username" | "displayName", source: NameSource): Promise<AppError> =>
  new AppError("name_taken", { field, suggestions: await findFreeNames(source) });
