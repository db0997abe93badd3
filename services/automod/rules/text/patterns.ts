import { RE2JS, RE2Set } from "re2js";

/** The longest pattern, in UTF-16 units. */
const PATTERN_UNITS = 500;

/**
 * The largest compiled pattern, and the largest sum of all enabled patterns of one scope, in RE2 instructions. Matching is linear in the
 * length of the text, but with this size as its factor.
 */
export const PATTERN_SIZE = 300;
export const PATTERNS_SIZE = 1_000;

const FLAGS = RE2JS.CASE_INSENSITIVE;

/** Returns the size of a compiled pattern. @throws the error of its syntax */
export const sizeOfPattern = (pattern: string): number => RE2JS.compile(pattern, FLAGS).programSize();

/** Returns what is wrong with a pattern, in English; null if it can be used. */
export function patternError(pattern: string): string | null {
  if (pattern.length > PATTERN_UNITS) return `The pattern must not be longer than ${PATTERN_UNITS} characters.`;
  try {
    if (sizeOfPattern(pattern) > PATTERN_SIZE) return "The pattern is too large. Use fewer or smaller repetitions.";
    return RE2JS.compile(pattern, FLAGS).matcher("").find() ? "The pattern matches every text." : null;
  } catch (error) {
    return error instanceof Error ? error.message : "The pattern is not valid.";
  }
}

/** The patterns of several rules; `rule` is the place of the rule. */
type RulePattern = { readonly rule: number; readonly pattern: string };

/** Finds patterns in texts, all at once. */
type PatternMatcher = {
  /** Adds the places of the rules that match one of the texts to `found`. */
  match(texts: readonly string[], found: Set<number>): void;
};

/** Compiles patterns for which `patternError` is null. */
export function createPatternMatcher(patterns: readonly RulePattern[]): PatternMatcher {
  if (patterns.length === 0) return { match: () => undefined };
  const set = new RE2Set(RE2Set.UNANCHORED, FLAGS);
  for (const { pattern } of patterns) set.add(pattern);
  set.compile();
  return {
    match(texts, found) {
      for (const text of texts) for (const at of set.match(text) as number[]) found.add(patterns[at]?.rule ?? 0);
    },
  };
}
