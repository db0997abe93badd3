import { randomInt } from "node:crypto";
import { limits } from "../../utils/contract/limits.ts";
import { countGraphemes } from "./name-rules.ts";

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
  return [...near.filter((name) => countGraphemes(name) <= limits.nameGraphemes.max), pleasantName(), pleasantName(), pleasantName()];
}
