/** Texts that a message could have before combining marks were limited, and that are slow to normalize or to match. */
export const costlyTexts: Readonly<Record<string, string>> = {
  "two kinds of marks in the wrong order": `w a${"\u0300".repeat(7_990)}${"\u0316".repeat(7_990)}`,
  "alternating marks": `w a${"\u0301\u0323".repeat(7_990)}`,
  "marks without a letter": "\u0301\u0323".repeat(8_000),
  "Tibetan vowel signs": `w a${"\u0f74\u0f72\u0f71".repeat(1_666)}`,
  "half-width voicing marks": `w a${"\uff9e\uff9f".repeat(7_990)}`,
  "a character of four words": `w a ${"\ufdfa".repeat(4_000)}`,
  "emoji families": `w a ${"👨‍👩‍👧‍👦".repeat(1_450)}`,
  flags: `w a ${"🇩🇪".repeat(4_000)}`,
  "joiners alone": `w a${"\u200d".repeat(15_990)}`,
  "Korean vowels": `w a \u1100${"\u1161".repeat(15_000)}`,
  "one long word": "a".repeat(16_000),
  "halves of words": "ab-".repeat(5_300),
};

const WORDS = "the quick brown fox jumps over lazy dogs while engineers measure how long a search takes".split(" ");

const KOREAN_WORDS = "안녕하세요 오늘 날씨가 정말 좋네요 같이 산책할까요 주말에 시간이 있으면 연락해 주세요".split(" ");

/**
 * Returns ordinary text of up to a number of UTF-16 units, in the script that the costly text is compared in: Korean is indexed by
 * characters and bigrams, which costs several times as much as words, regardless of the length.
 */
export function ordinaryText(units: number, script: "Latin" | "Korean" = "Latin"): string {
  const words = script === "Korean" ? KOREAN_WORDS : WORDS;
  let text = "w a";
  for (let n = 0; text.length < units; n += 1) text += ` ${words[(n * 7) % words.length]}${n % 97}`;
  return text.slice(0, units);
}
