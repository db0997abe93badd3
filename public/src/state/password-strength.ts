import { limits } from "../../../utils/contract/limits.ts";
import { commonWords, foldPassword, isGuessable } from "../../../utils/contract/passwords.ts";

export type Strength = "short" | "weak" | "fair" | "good" | "strong";

const classes: readonly [RegExp, number][] = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\p{Nd}/u, 10],
  [/[\p{P}\p{S}\s]/u, 33],
  [/\p{Lo}/u, 500],
];

/** A letter that repeats its neighbour, or follows it as b follows a, says little that is new. */
function weightOf(letters: readonly string[]): number {
  return letters.reduce((sum, letter, at) => {
    const step = at === 0 ? 2 : Math.abs((letter.codePointAt(0) ?? 0) - (letters[at - 1]?.codePointAt(0) ?? 0));
    return sum + (step <= 1 ? 0.25 : 1);
  }, 0);
}

const withoutName = (password: string, username: string): string => {
  const [folded, name] = [password.toLowerCase(), username.trim().toLowerCase()];
  return name.length < 3 ? folded : folded.replaceAll(name, "");
};

/**
 * How hard a password is to guess, roughly, from its length and variety: a word beside the field, no rule.
 * What the server rejects by its shape or for a very common word is weak here too; it knows more common passwords than the page.
 */
export function strengthOf(password: string, username = ""): Strength {
  if (missingOf(password) > 0) return "short";
  if (isGuessable(foldPassword(password), (word) => commonWords.has(word))) return "weak";
  const letters = [...withoutName(password, username)];
  const pool = classes.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
  const variety = Math.min(1, new Set(letters).size / 6);
  const bits = weightOf(letters) * Math.log2(Math.max(2, pool)) * variety;
  if (bits < 45) return "weak";
  if (bits < 62) return "fair";
  return bits < 85 ? "good" : "strong";
}

/** How many characters are missing to the least there may be. */
export const missingOf = (password: string): number => Math.max(0, limits.passwordCharacters.min - [...password].length);
