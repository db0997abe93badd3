import { randomInt } from "node:crypto";
import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { countGraphemes } from "../../../utils/text/graphemes.ts";

const MANNERS =
  "Amber Bright Calm Clever Cosy Curious Early Fair Gentle Golden Happy Jolly Kind Lively Lucky Merry Mild Misty Nimble Quiet Silver Sunny Swift Warm".split(
    " ",
  );
const ANIMALS =
  "Badger Beaver Crane Dolphin Falcon Finch Fox Hare Heron Ibis Koala Lark Lynx Marten Newt Otter Owl Panda Puffin Robin Seal Sparrow Swan Wren".split(
    " ",
  );

const pick = (words: readonly string[]): string => words[randomInt(words.length)] ?? "";

/** A name nobody minds to bear, such as "Quiet Otter 42". */
export const pleasantName = (): string => `${pick(MANNERS)} ${pick(ANIMALS)} ${randomInt(10, 100)}`;

/** Names near to the one somebody wanted, and pleasant ones for when none of those is free. */
export function namesNear(wanted: string): string[] {
  const near = [
    `${wanted} ${randomInt(10, 100)}`,
    `${pick(MANNERS)} ${wanted}`,
    `${wanted} ${pick(ANIMALS)}`,
    `${wanted} ${randomInt(100, 1_000)}`,
  ];
  return [
    ...near.filter((name) => countGraphemes(name, limits.nameGraphemes.max) <= limits.nameGraphemes.max),
    pleasantName(),
    pleasantName(),
    pleasantName(),
  ];
}

const SUGGESTIONS = 3;
const TRIES = 20;

/** Where names come from, and which of them are free. */
export type NameSource = { readonly propose: () => readonly string[]; readonly freeOf: (names: readonly string[]) => Promise<string[]> };

/** Up to `count` names that are free; fewer when many proposals found no more. */
export async function findFreeNames({ propose, freeOf }: NameSource, count = SUGGESTIONS): Promise<string[]> {
  const free = new Set<string>();
  for (let tries = 0; tries < TRIES && free.size < count; tries++) for (const name of await freeOf(propose())) free.add(name);
  return [...free].slice(0, count);
}

/** The refusal of a name that is somebody's, looks like it or speaks for the site, with three that can be had. */
export const nameTaken = async (field: "username" | "displayName", source: NameSource): Promise<AppError> =>
  new AppError("name_taken", { field, suggestions: await findFreeNames(source) });
