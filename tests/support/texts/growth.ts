/** Builds a text of about `units` UTF-16 units. */
export type Generator = { readonly name: string; readonly text: (units: number) => string };

const of = (name: string, unit: string, { before = "", after = "" } = {}): Generator => ({
  name,
  text: (units) => before + unit.repeat(Math.max(1, Math.floor((units - before.length - after.length) / unit.length))) + after,
});

/** Texts that have made parsers, segmenters, normalizers or regular expressions slow. */
export const generators: readonly Generator[] = [
  of("one letter", "a"),
  of("words", "hello there "),
  of("capitals", "ABC "),
  of("digits", "1"),
  of("digits and letters", "1a"),
  of("long word, then a digit", "a", { after: "1" }),
  of("spaces", " ", { before: "a", after: "b" }),
  of("line breaks", "\n", { before: "a", after: "b" }),
  of("CR LF", "\r\n", { before: "a", after: "b" }),
  of("tabs and line breaks", "\t\n", { before: "a", after: "b" }),
  of("zero-width spaces", "\u200b", { after: "a" }),
  of("control characters", "\u0001"),
  of("marks in alternating order", "\u0300\u0316", { before: "a" }),
  of("marks of four classes", "\u0301\u0323\u0327\u0334", { before: "a" }),
  of("16 marks on each letter", `a${"\u0300\u0316".repeat(8)}`),
  of("Tibetan marks", "\u0f71\u0f72\u0f74", { before: "\u0f40" }),
  of("half-width voicing marks between others", "\uff9e\u0323", { before: "\uff76" }),
  of("marks with joiners between them", "\u0300\u0316\u200d"),
  of("Arabic vowel signs", "\u064b\u0650\u0651", { before: "\u0628" }),
  of("U+FDFA", "\ufdfa"),
  of("square words", "㏂㌖"),
  of("Roman numerals", "Ⅲ"),
  of("circled numbers", "⑳"),
  of("mathematical letters", "𝐀𝓷"),
  of("families", "👨‍👩‍👧‍👦"),
  of("flags", "🇩🇪"),
  of("regional indicators, odd", "🇩", { before: "a" }),
  of("skin tones", "👍🏽"),
  of("keycaps", "1️⃣"),
  of("joined emoji without end", "👩‍"),
  of("Korean parts", "\u1112\u1161\u11ab"),
  of("Korean leading parts", "\u1112"),
  of("Korean syllables", "오늘은"),
  of("Japanese", "食べられる"),
  of("kana", "ｶﾞｷﾞ"),
  of("Chinese", "今天天气很好"),
  of("Chinese without end, then a digit", "今", { after: "1" }),
  of("Thai", "น้ำที่"),
  of("Hindi", "क्षत्रियों"),
  of("Khmer", "ព្រះរាជា"),
  of("Cyrillic and Latin", "аa"),
  of("dots behind a mention", ".", { before: "@a", after: "b" }),
  of("mentions", "@a "),
  of("mentions in a row", "@a"),
  of("mentions that go on", "@a.-_"),
  of("ids of people", "<@01931b2c-77aa-7c11-9d2e-a1b2c3d4e5f6>"),
  of("beginnings of ids", "<@01931b2c-77aa-"),
  of("backticks", "`"),
  of("fences", "```\n"),
  of("fences without end", "```a"),
  of("longer and longer fences", "````\na\n```"),
  of("code without end", "`a\n"),
  of("addresses", "https://a.example/b "),
  of("an address of punctuation", ".", { before: "https://a.example/", after: "b" }),
  of("beginnings of addresses", "https://"),
  of("www", "www."),
  of("mailto", "mailto:"),
  of("at signs and dots", "a.b@c.d"),
  of("brackets", "["),
  of("brackets and parentheses", "[a]("),
  of("parentheses in an address", "(", { before: "https://a.example/" }),
  of("links in links", "[a](https://b.example/"),
  of("stars", "*"),
  of("stars and letters", "*a_ "),
  of("tildes", "~~a"),
  of("quotes", "> "),
  of("quoted lines", "> a\nb\n"),
  of("lists", "- a\n"),
  of("nested lists", "- "),
  of("numbers of a list", "1. "),
  of("backslashes", "\\"),
  of("markup", "<a href=x>"),
  of("entities", "&amp;"),
  of("l and hyphens", "l-"),
  of("o and dots, then a letter", "o.", { after: "x" }),
  of("hyphens", "a-"),
  of("apostrophes", "a'"),
  of("x", "x", { after: "a" }),
  of("reserved words", "admin", { after: "x" }),
  of("plurals of reserved words", "mods"),
  of("dressing of reserved words", "teambothelp"),
  of("passwords with a long period", "abcabcabd"),
  of("sequences", "123454321"),
  of("tokens that begin and do not end", "eyJa-"),
  of("user agents", "Version/1 "),
  of("plus signs and digits", "+49"),
  of("colons", ":a"),
  of("halves of surrogate pairs", "\ud83d"),
];

const FULL_UNITS = 16_000;
const FACTOR = 4;

/** Shorter times say more about a busy machine than about the function, and delay nothing. */
const NOISE_MS = 25;

/** Four times the text takes 4 to 5 times as long in n·log n, and 16 times as long in n². */
const MOST_GROWTH = 9;

type Subject = (text: string) => unknown;

/** Generates a text of a different length each time, so that no cache of the function helps it. */
let turn = 0;
const varied = (units: number): number => {
  turn = (turn + 1) % 25;
  return units - 32 * turn;
};

function timeOf(subject: Subject, text: string): number {
  const start = performance.now();
  try {
    subject(text);
  } catch {
    // Rejecting a text is a valid outcome.
  }
  return performance.now() - start;
}

function minimum(subject: Subject, { text }: Generator, units: number, runs: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < runs; run += 1) least = Math.min(least, timeOf(subject, text(varied(units))));
  return least;
}

/**
 * Returns how many times as long the function takes for a text of full length than for a quarter of it; 1 if both are too short to
 * measure.
 */
function growthOf(subject: Subject, generator: Generator): number {
  const first = minimum(subject, generator, FULL_UNITS, 1);
  if (first < NOISE_MS) return 1;
  const long = Math.min(first, minimum(subject, generator, FULL_UNITS, 2));
  const short = minimum(subject, generator, FULL_UNITS / FACTOR, 4);
  return long / Math.max(short, NOISE_MS / 10);
}

/**
 * Returns the generators on which a function's time grows faster than n·log n. Interference by another process does not repeat three
 * times.
 */
export async function growingOn(subject: Subject): Promise<string[]> {
  const found: string[] = [];
  for (const generator of generators) {
    let growth = growthOf(subject, generator);
    for (let again = 0; again < 3 && growth > MOST_GROWTH; again += 1) growth = Math.min(growth, growthOf(subject, generator));
    if (growth > MOST_GROWTH) found.push(`${generator.name}: ${growth.toFixed(1)} times the time for ${FACTOR} times the text`);
    await new Promise(setImmediate);
  }
  return found;
}
