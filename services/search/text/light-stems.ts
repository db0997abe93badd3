/**
 * Stems for languages and forms that no stemmer covers: endings and particles are removed by simple lists. All texts are normalized
 * already.
 */

const ARABIC_BEFORE = /^(?:وال|بال|كال|فال|لل|ال|و(?=.{3}))(?=.{2})/;
const ARABIC_AFTER = /(?<=.{2})(?:ها|ان|ات|ون|ين|يه|ه|ي)$/;

/** Returns an Arabic word without article, "and" and the most common endings, after the light stemmer of Larkey and others (2002). */
export const arabicStem = (word: string): string => {
  const bare = word.replace(ARABIC_BEFORE, "");
  return bare.replace(ARABIC_AFTER, "").replace(ARABIC_AFTER, "");
};

const PORTUGUESE_AO = /(?:oes|aes|aos|ao)$/;

/** Normalizes the three plurals of Portuguese words in -ão; the stemmer does not unify them. */
export const portugueseStem = (word: string): string | null =>
  word.length > 4 && PORTUGUESE_AO.test(word) ? word.replace(PORTUGUESE_AO, "ao") : null;

/**
 * Normalizes German verbs in the third person, which the stemmer treats as nouns: lernt → lern. Not after ch, where most words really are
 * nouns.
 */
export const germanStem = (stem: string): string | null => (/(?<=.{3}[^aeiouhst])t$/.test(stem) ? stem.slice(0, -1) : null);

/** Returns an Italian word without its final vowel, which marks the number: the stemmer does not unify chiave and chiavi. */
export const italianStem = (word: string): string | null => (word.length > 4 ? word.replace(/h?[aeio]$/, "") : null);

/** Restores the accent of Spanish nouns in -ción, which many people omit and the stemmer requires. */
export const accentedSpanish = (word: string): string => word.replace(/(?<=.{2}[cs])ion$/, "ión");

const KOREAN_WORD = /^[가-힣]+$/;
const KOREAN_DO = /(?:하|해|했|한|할|합)[가-힣]{0,4}$/;
const KOREAN_VERB =
  /(?:았|었|였)?(?:습니다|습니까|어요|아요|여요|네요|군요|지요|지만|으면|어서|아서|으니까|는데|은데|던|는|고|게|지|자|니|면|다|요|어|아)$/;
const KOREAN_NOUN =
  /(?:에서는|에서도|에게서|이에요|입니다|이었다|에서|에게|한테|까지|부터|처럼|보다|마다|조차|으로|라고|이랑|예요|이다|은|는|이|가|을|를|에|의|도|만|로|와|과|랑|나)$/;

const FIRST_SYLLABLE = 0xac00;
const PAST = 20;
/** Vowels that result from merging a verb's own vowel with that of its ending, and the verb's own vowel. */
const MERGED: Readonly<Record<number, number>> = { 6: 20, 9: 8, 14: 13 };

/** Returns the stem of a verb whose last syllable was merged with the ending: 갔 → 가, 마셨 → 마시. */
function unmerged(stem: string): string {
  const last = stem.charCodeAt(stem.length - 1) - FIRST_SYLLABLE;
  const final = last % 28;
  const vowel = Math.floor((last % 588) / 28);
  if (final !== 0 && final !== PAST) return stem;
  const own = MERGED[vowel] ?? vowel;
  return stem.slice(0, -1) + String.fromCharCode(FIRST_SYLLABLE + last - final + (own - vowel) * 28);
}

/** Returns the possible stems of a Korean word: without particles, and without the endings of verbs. */
export function koreanStems(word: string): string[] {
  if (!KOREAN_WORD.test(word)) return [];
  const stems = [KOREAN_NOUN, KOREAN_VERB, KOREAN_DO].map((ending) => word.replace(ending, "")).filter((stem) => stem !== "");
  return [...new Set([...stems, ...stems.map(unmerged)])];
}

/** Chinese characters followed by inflecting kana: 食べる, 寒かった, 学校で. */
const INFLECTED = /([\p{Script=Han}々]{1,4})[\u3041-\u3096]+/gu;

/**
 * Returns the Chinese characters of a run that are followed by kana, which inflect a verb or an adjective or mark the role of a noun; and
 * each suffix of these characters.
 */
export const japaneseStems = (run: string): { stem: string; at: number }[] =>
  [...run.matchAll(INFLECTED)].flatMap(({ 1: stem = "", index }) =>
    Array.from({ length: stem.length }, (_, skipped) => ({ stem: stem.slice(skipped), at: index + skipped })),
  );

const INFLECTED_WORD = /^([\p{Script=Han}々]{1,4})[\u3041-\u3096]{1,5}$/u;

/** Returns the stem of a run in a query, if the run is one inflected word. */
export const japaneseQueryStem = (run: string): string | null => INFLECTED_WORD.exec(run)?.[1] ?? null;
