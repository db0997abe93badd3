import type { Rule } from "../../../services/automod/rules/rule.ts";

const WORDS: readonly string[] = [
  ...[
    "free money",
    "buy followers",
    "casino",
    "viagra",
    "bitcoin giveaway",
    "work from home*",
    "get rich",
    "cheap pills",
    "schnelles Geld",
  ],
  ...[
    "Glücksspiel",
    "argent facile",
    "dinero rápido",
    "dinheiro fácil",
    "kolay para",
    "kiếm tiền nhanh",
    "лёгкие деньги",
    "казино",
    "ربح سريع",
  ],
  ...[
    "आसान पैसा",
    "免费赚钱",
    "簡単に稼げる",
    "쉬운 돈벌이",
    "หาเงินง่าย",
    "aba",
    "abab",
    "ab ab ab",
    "a b a b a c",
    "aab",
    "xxxx",
    "mods team*",
  ],
];

const PATTERNS: readonly string[] = [
  ...[
    "buy\\s+\\d+\\s+(?:followers|likes)",
    "(?:cheap|free)\\s+(?:pills|coins)",
    "\\d{12,16}x",
    "[a-z]+\\.example/[a-z]{3}x",
    "\\p{Greek}{5}x",
  ],
  ...["(?:win|earn)\\s+\\$?\\d+\\s+(?:now|today)", "^(a+)+b$", "(a|ab)*c{3}", "tele(?:gram|grm)\\s*[:@]", "кред\\p{L}+\\s+онлайн"],
];

const ruleOf = (place: number, fields: Partial<Rule>): Rule => ({
  id: `00000000-0000-7000-8000-${String(place).padStart(12, "0")}`,
  kind: "word",
  pattern: null,
  threshold: null,
  windowMs: null,
  scope: { kind: "site", id: null },
  outcome: "block",
  silenceMs: null,
  exemptRoles: ["moderator", "admin"],
  message: null,
  ...fields,
});

/** Returns the lines of one word rule: three phrases that occur in no other rule. */
const linesOf = (place: number): string =>
  [0, 1, 2].map((line) => `${WORDS[(place * 3 + line) % WORDS.length]} ${(place * 3 + line).toString(36)}q`).join("\n");

/**
 * Returns 200 rules about content, of every kind: 140 with three phrases each, 20 patterns, 30 with hosts, 10 about mentions. Ordinary
 * texts match none of them.
 */
export function twoHundredRules(): Rule[] {
  const kinds: readonly (readonly [number, (place: number) => Partial<Rule>])[] = [
    [140, (place) => ({ pattern: place < WORDS.length ? (WORDS[place] ?? "") : linesOf(place) })],
    [20, (place) => ({ kind: "regex", pattern: `${PATTERNS[place % PATTERNS.length]}${place < PATTERNS.length ? "" : "z"}` })],
    [30, (place) => ({ kind: "link", pattern: `evil${place}.example\nbad${place}.example\n!good.bad${place}.example` })],
    [10, (place) => ({ kind: "mention", threshold: 20 + place })],
  ];
  return kinds
    .flatMap(([count, fieldsOf]) => Array.from({ length: count }, (_, place) => fieldsOf(place)))
    .map((fields, at) => ruleOf(at, fields));
}
