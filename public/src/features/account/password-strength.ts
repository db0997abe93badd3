import { limits } from "../../../../utils/contract/limits.ts";
import { commonWords, normalizePassword, passwordErrorOf } from "../../../../utils/contract/passwords.ts";

/** The server rejects `short`, `long`, `common` and `name`; `unknown` while the list of common passwords is loading. */
export type Strength = "short" | "long" | "common" | "name" | "unknown" | "weak" | "fair" | "good" | "strong";

const rejected = { too_short: "short", too_long: "long", common: "common", like_name: "name" } as const;

const classes: readonly [RegExp, number][] = [
  [/\p{Ll}/u, 26],
  [/\p{Lu}/u, 26],
  [/\p{Nd}/u, 10],
  [/[\p{P}\p{S}\s]/u, 33],
  [/\p{Lo}/u, 500],
];

/** Returns the effective length: a character that repeats or directly follows its neighbor (as in "ab") counts for a quarter. */
function weightOf(letters: readonly string[]): number {
  return letters.reduce((sum, letter, at) => {
    const step = at === 0 ? 2 : Math.abs((letter.codePointAt(0) ?? 0) - (letters[at - 1]?.codePointAt(0) ?? 0));
    return sum + (step <= 1 ? 0.25 : 1);
  }, 0);
}

const withoutName = (password: string, username: string): string => {
  const lowered = password.toLowerCase();
  const name = username.trim().toLowerCase();
  return name.length < 3 ? lowered : lowered.replaceAll(name, "");
};

/** Estimates the strength of a password that the server accepts from its length and variety. */
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
 * Returns what to show for a new password: why the server would reject it, by the server's own rule, or its estimated strength. Returns
 * `unknown` while the list of common passwords is missing.
 */
export function strengthOf(password: string, username: string, isCommon: ((word: string) => boolean) | null): Strength {
  const fault = passwordErrorOf(password, username.trim(), isCommon ?? ((word) => commonWords.has(word)));
  if (fault !== null) return rejected[fault];
  return isCommon === null ? "unknown" : estimateOf(password, username);
}

/** Returns how many characters are missing to the minimum length, counted as the server counts them. */
export const missingOf = (password: string): number => Math.max(0, limits.passwordCharacters.min - [...normalizePassword(password)].length);
