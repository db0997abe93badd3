import { gapAt, gaps, kindAt, type LetterStream, lookAt, runEndAt } from "./letter-stream.ts";
import { buildTrie, type LetterTrie, ROOT } from "./letter-trie.ts";
import { kinds } from "./letters.ts";
import { isMatch } from "./phrase-match.ts";
import type { Phrase } from "./phrases.ts";

/** Finds the phrases of many rules in a text at once. */
export type WordMatcher = {
  /** Adds the places of the rules that match to `found`. */
  match(stream: LetterStream, found: Set<number>): void;
};

/** How many candidates are compared letter by letter in one text. Only texts that are made to be slow have more. */
const MAX_COMPARISONS = 400;

/** The same for candidates that begin at one letter and differ only in where they end within a run of the same letter. */
const MAX_ENDS = 4;

/** The search in one text. */
type Search = { readonly stream: LetterStream; readonly found: Set<number>; comparisons: number };

/** Whether a word can begin at a letter: after a gap, beside a digit or symbol, or in a script without spaces. */
const canBegin = (stream: LetterStream, at: number): boolean =>
  at === 0 || gapAt(stream, at) !== gaps.none || kindAt(stream, at) === kinds.dense || kindAt(stream, at) !== kindAt(stream, at - 1);

const canEnd = (stream: LetterStream, at: number): boolean =>
  at + 1 === stream.length ||
  gapAt(stream, at + 1) !== gaps.none ||
  kindAt(stream, at) === kinds.dense ||
  kindAt(stream, at) !== kindAt(stream, at + 1);

/** Whether a letter continues a run of equal letters without a gap. */
const isInRun = (stream: LetterStream, at: number): boolean =>
  at > 0 && gapAt(stream, at) === gaps.none && lookAt(stream, at) === lookAt(stream, at - 1);

/** Whether a search begins at a letter. In a script without spaces it begins only at the first of several equal letters. */
const isStart = (stream: LetterStream, at: number): boolean =>
  canBegin(stream, at) && !(kindAt(stream, at) === kinds.dense && isInRun(stream, at));

/** Compares the phrases that may end with a letter. @returns whether one of their rules is still not found */
function compare(search: Search, phrases: readonly Phrase[], { from, to }: { from: number; to: number }): boolean {
  const { stream, found } = search;
  const isEnd = canEnd(stream, to);
  let isOpen = false;
  for (const phrase of phrases) {
    if (found.has(phrase.rule)) continue;
    if ((isEnd || phrase.isPrefix) && search.comparisons < MAX_COMPARISONS) {
      search.comparisons += 1;
      if (isMatch(stream, phrase, { from, to })) found.add(phrase.rule);
    }
    isOpen ||= !found.has(phrase.rule);
  }
  return isOpen;
}

/** Compares the phrases of a node at the possible ends within a run of one letter. */
function compareInRun(search: Search, phrases: readonly Phrase[], { from, at, end }: { from: number; at: number; end: number }): void {
  const last = Math.min(end, at + MAX_ENDS);
  let isOpen = true;
  for (let to = at; to < last && isOpen; to += 1) isOpen = compare(search, phrases, { from, to });
  if (isOpen && end > last) compare(search, phrases, { from, to: end - 1 });
}

/** Follows the tree from one letter of a text, a run of equal letters at a time. */
function follow(search: Search, trie: LetterTrie<Phrase>, from: number): void {
  const { stream } = search;
  let at = from;
  let node = trie.child(ROOT, lookAt(stream, at));
  while (node !== 0) {
    const end = runEndAt(stream, at);
    const ending = trie.valuesAt(node);
    if (ending !== undefined) compareInRun(search, ending, { from, at, end });
    if (end >= stream.length) return;
    node = trie.child(node, lookAt(stream, end));
    at = end;
  }
}

/** Builds a matcher. The time for a text is linear in its length, and hardly depends on the number of phrases. */
export function createWordMatcher(phrases: readonly Phrase[]): WordMatcher {
  const trie = buildTrie(phrases.map((phrase) => ({ letters: phrase.looks, value: phrase })));
  return {
    match(stream, found) {
      const search: Search = { stream, found, comparisons: 0 };
      for (let from = 0; from < stream.length; from += 1) if (isStart(stream, from)) follow(search, trie, from);
    },
  };
}
