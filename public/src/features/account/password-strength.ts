import { limits } from "../../../../utils/contract/limits.ts";
import { commonWords, normalizePassword, passwordErrorOf } from "../../../../utils/contract/passwords.ts";

/** `long`, `common` and `name` are rejected by the server, and so is `short`; `unknown` while the list of common passwords is loading. */
export type Strength = "short" | "long" | "common" | "name" | "unknown" | "weak" | "fair" | "good" | "strong";

const rejected = { too_short: "short", too_long: "long", common: "common", like_name: "name" } as const;

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

/** How hard a password that the server accepts is to guess, roughly, from its length and variety. */
function estimateOf(password: string, username: string): Strength {
  const letters = [...withoutName(password, username)];
  const pool = classes.reduce((sum, [kind, size]) => sum + (kind.test(password) ? size : 0), 0);
  const variety = Math.min(1, new Set(letters).size / 6);
  const bits = weightOf(letters) * Math.log2(Math.max(2, pool)) * variety;
  if (bits < 45) return "weak";
  if (bits < 62) return "fair";
  return bits < 85 ? "good" : "strong";
}

/**
 * Returns what to show beside a new password: why the server would reject it, by the server's own rule, or how hard it is to guess.
 * Without the list of common passwords nothing is praised.
 */
export function strengthOf(password: string, username: string, isCommon: ((word: string) => boolean) | null): Strength {
  const fault = passwordErrorOf(password, username.trim(), isCommon ?? ((word) => commonWords.has(word)));
  if (fault !== null) return rejected[fault];
  return isCommon === null ? "unknown" : estimateOf(password, username);
}

/** Returns how many characters are missing to the least there may be, counted as the server counts them. */
export const missingOf = (password: string): number => Math.max(0, limits.passwordCharacters.min - [...normalizePassword(password)].length);
