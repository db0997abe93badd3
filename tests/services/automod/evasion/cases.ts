import { disguised, honest } from "./hand-written.ts";
import { type Seeds, seeds, shortWords } from "./seeds.ts";
import { randomOf, type Transformation, transformations } from "./transformations.ts";

/** A text, and the phrase that must be found in it; null if nothing must. */
export type EvasionCase = {
  readonly language: string;
  readonly how: string;
  readonly text: string;
  readonly phrase: string | null;
  /** Whether the case is only measured, and was not looked at while the matching was developed. */
  readonly isHeldOut: boolean;
};

/** The phrases of all rules together. */
export const forbidden: readonly string[] = [...seeds.flatMap(({ phrases }) => phrases), ...shortWords];

type Counted = { count: number };

function positivesOf(seed: Seeds, transformation: Transformation, counted: Counted): EvasionCase[] {
  return seed.phrases.flatMap((phrase) => {
    counted.count += 1;
    const random = randomOf(counted.count);
    // A transformation that changes nothing is no disguise, and pieces of a short word are other words.
    const text = transformation.apply(phrase, random);
    if (text === phrase && transformation.name !== "as it is") return [];
    if (transformation.name.startsWith("pieces") && phrase.length < 9) return [];
    const carrier = seed.carriers[counted.count % seed.carriers.length] ?? "{}";
    const isHeldOut = transformation.isHeldOut ?? counted.count % 2 === 0;
    return { language: seed.language, how: transformation.name, text: carrier.replace("{}", text), phrase, isHeldOut };
  });
}

function generatedPositives(): EvasionCase[] {
  const counted = { count: 0 };
  return seeds.flatMap((seed) =>
    transformations.filter(({ scripts }) => scripts.includes(seed.script)).flatMap((one) => positivesOf(seed, one, counted)),
  );
}

/** A way to make an honest text from a forbidden phrase. */
type Honest = { readonly how: string; readonly make: (phrase: string, seed: Seeds) => string | null };

const wordsOf = (phrase: string): string[] => phrase.split(" ");
const isSpaced = ({ script }: Seeds): boolean => script !== "dense";

/** Replaces the letter in the middle by the one that follows it in the phrase's alphabet. */
function withOtherLetter(phrase: string): string {
  const letters = [...phrase];
  const at = letters.findIndex((letter, place) => place >= letters.length / 2 && /\p{L}/u.test(letter));
  const other = { latin: "q", cyrillic: "щ" }[/\p{Script=Cyrillic}/u.test(phrase) ? "cyrillic" : "latin"];
  return letters.map((letter, place) => (place === at ? (letter === other ? "f" : other) : letter)).join("");
}

const honestWays: readonly Honest[] = [
  { how: "inside a longer word", make: (phrase, seed) => (isSpaced(seed) ? seedInWord(phrase) : null) },
  { how: "the beginning of a longer word", make: (phrase, seed) => (isSpaced(seed) ? `${phrase}${seedInWord("").slice(-3)}` : null) },
  { how: "another letter", make: (phrase, { script }) => (script === "latin" || script === "cyrillic" ? withOtherLetter(phrase) : null) },
  { how: "without its last letter", make: (phrase, seed) => (isSpaced(seed) ? [...phrase].slice(0, -1).join("") : null) },
  {
    how: "reversed letters",
    make: (phrase, { script }) => (script === "latin" || script === "cyrillic" ? [...phrase].reverse().join("") : null),
  },
  { how: "words in another order", make: (phrase) => (wordsOf(phrase).length > 1 ? wordsOf(phrase).reverse().join(" ") : null) },
  { how: "only the first word", make: (phrase) => (wordsOf(phrase).length > 1 ? (wordsOf(phrase)[0] ?? null) : null) },
  { how: "another word between", make: (phrase) => (wordsOf(phrase).length > 1 ? wordsOf(phrase).join(" 7 xyz ") : null) },
];

/** Puts letters of several alphabets' own kind around a phrase. */
function seedInWord(phrase: string): string {
  const isCyrillic = /\p{Script=Cyrillic}/u.test(phrase);
  const isArabic = /\p{Script=Arabic}/u.test(phrase);
  const isHindi = /\p{Script=Devanagari}/u.test(phrase);
  const [before, after] = isCyrillic ? ["вы", "щик"] : isArabic ? ["مست", "تنا"] : isHindi ? ["नव", "कर"] : ["bre", "ful"];
  return `${before}${phrase}${after}`;
}

function generatedNegatives(): EvasionCase[] {
  const found: EvasionCase[] = [];
  const add = (language: string, how: string, text: string): void => {
    found.push({ language, how, text, phrase: null, isHeldOut: found.length % 2 === 0 });
  };
  for (const seed of seeds) {
    for (const text of seed.plain) add(seed.language, "ordinary sentence", text);
    for (const phrase of seed.phrases) {
      for (const { how, make } of honestWays) {
        const text = make(phrase, seed);
        const carrier = seed.carriers[found.length % seed.carriers.length] ?? "{}";
        if (text !== null) add(seed.language, how, carrier.replace("{}", text));
      }
    }
  }
  return found;
}

const byHand: EvasionCase[] = [
  ...disguised.map(([phrase, text], at) => ({ language: "hand-written", how: "disguise", text, phrase, isHeldOut: at % 2 === 0 })),
  ...honest.map((text, at) => ({ language: "hand-written", how: "look-alike", text, phrase: null, isHeldOut: at % 2 === 0 })),
];

export const cases: readonly EvasionCase[] = [...generatedPositives(), ...generatedNegatives(), ...byHand];
