import { limits } from "../../../utils/contract/limits.ts";
import { hasLink } from "../../../utils/contract/text/links.ts";
import { normalizeBounded } from "../../../utils/text/marks.ts";
import type { MessageText } from "./message-text.ts";
import { isCounting, linesOf, type Rule } from "./rule.ts";
import { type HostRule, hostRuleOf, isHostBlocked } from "./text/hosts.ts";
import { createPatternMatcher } from "./text/patterns.ts";
import { type Phrase, phraseOf } from "./text/phrases.ts";
import { hasEnglishProfanity, isEnglishList, isListLine } from "./text/word-lists.ts";
import { createWordMatcher, type WordMatcher } from "./text/word-matcher.ts";

/** The enabled rules of one scope, compiled together. */
export type RuleSet = {
  readonly rules: readonly Rule[];
  /** Returns the rules about the content of a text that match it, in the order of `rules`. */
  matching(text: MessageText): Rule[];
  /** The rules that count messages: `repeat`, `flood` and `first_messages`. */
  readonly counting: readonly Rule[];
};

/** A rule with its place in the list. */
type Placed = { readonly rule: Rule; readonly place: number };

const phrasesOf = ({ rule, place }: Placed): Phrase[] =>
  linesOf(rule.pattern).flatMap((line) => (isListLine(line) ? [] : (phraseOf(line, place) ?? [])));

const usesEnglishList = ({ rule }: Placed): boolean => linesOf(rule.pattern).some(isEnglishList);

/** A link rule in its place. */
type PlacedHosts = { readonly place: number; readonly hosts: HostRule };

/** Adds the places of the link rules that match. A rule without hosts matches every link. */
function matchLinks(rules: readonly PlacedHosts[], text: MessageText, found: Set<number>): void {
  const isLink = hasLink(text.text);
  const hosts = text.hosts();
  if (!isLink && hosts.names.length === 0) return;
  for (const { place, hosts: rule } of rules) {
    const isForAll = rule.blocked.size === 0;
    if (isForAll && !isLink) continue;
    if ((isForAll && rule.allowed.size === 0) || isHostBlocked(rule, hosts)) found.add(place);
  }
}

function matchWords(words: WordMatcher, text: MessageText, found: Set<number>): void {
  words.match(text.letters(), found);
  if (text.letters().hasBars) words.match(text.lettersBetweenBars(), found);
}

const NOT_ASCII = /[^\0-\x7f]/;

/** Returns the texts in which a pattern is searched, regardless of case. */
function textsOf(text: MessageText): string[] {
  if (!NOT_ASCII.test(text.text)) return [text.text];
  const raw = normalizeBounded(text.text, "NFC", limits.textUnits);
  const normalized = text.normalized();
  return raw.toLowerCase() === normalized ? [raw] : [raw, normalized];
}

/** Compiles the rules of one scope. Patterns and lines that are not valid are left out. */
export function createRuleSet(rules: readonly Rule[]): RuleSet {
  const placed: Placed[] = rules.map((rule, place) => ({ rule, place }));
  const ofKind = (kind: Rule["kind"]): Placed[] => placed.filter(({ rule }) => rule.kind === kind);
  const words = createWordMatcher(ofKind("word").flatMap(phrasesOf));
  const patterns = createPatternMatcher(ofKind("regex").map(({ rule, place }) => ({ rule: place, pattern: rule.pattern ?? "" })));
  const links = ofKind("link").flatMap(({ rule, place }) => {
    const hosts = hostRuleOf(linesOf(rule.pattern));
    return hosts === null ? [] : { place, hosts };
  });
  const hasWords = ofKind("word").length > 0;
  const hasPatterns = ofKind("regex").length > 0;
  const english = ofKind("word").filter(usesEnglishList);
  const mentions = ofKind("mention");
  return {
    rules,
    counting: rules.filter(isCounting),
    matching(text) {
      const found = new Set<number>();
      if (hasWords) matchWords(words, text, found);
      if (hasPatterns) patterns.match(textsOf(text), found);
      if (links.length > 0) matchLinks(links, text, found);
      for (const { rule, place } of mentions) if (text.mentions > (rule.threshold ?? 0)) found.add(place);
      if (english.length > 0 && hasEnglishProfanity(text.text)) for (const { place } of english) found.add(place);
      return found.size === 0 ? [] : rules.filter((_, place) => found.has(place));
    },
  };
}
