/**
 * Stems for what no stemmer of ours covers: endings and particles are taken off by plain lists. All texts are folded already.
 */

const ARABIC_BEFORE = /^(?:وال|بال|كال|فال|لل|ال|و(?=.{3}))(?=.{2})/;
const ARABIC_AFTER = /(?<=.{2})(?:ها|ان|ات|ون|ين|يه|ه|ي)$/;

/** An Arabic word without article, "and" and the commonest endings, after the light stemmer of Larkey and others (2002). */
export const arabicStem = (word: string): string => {
  const bare = word.replace(ARABIC_BEFORE, "");
  return bare.replace(ARABIC_AFTER, "").replace(ARABIC_AFTER, "");
};

const PORTUGUESE_AO = /(?:oes|aes|aos|ao)$/;

/** Portuguese words in -ão have three plurals; the stemmer keeps them apart. */
export const portugueseStem = (folded: string): string | null =>
  folded.length > 4 && PORTUGUESE_AO.test(folded) ? folded.replace(PORTUGUESE_AO, "ao") : null;

/** German verbs in the third person, which the stemmer takes for nouns: lernt → lern. Not after ch, where most words are nouns indeed. */
export const germanStem = (stem: string): string | null => (/(?<=.{3}[^aeiouhst])t$/.test(stem) ? stem.slice(0, -1) : null);

/** Italian words without the vowel that says how many: the stemmer keeps chiave and chiavi apart. */
export const italianStem = (folded: string): string | null => (folded.length > 4 ? folded.replace(/h?[aeio]$/, "") : null);

/** Spanish nouns in -ción as many people write them: without the accent that the stemmer waits for. */
export const accentedSpanish = (folded: string): string => folded.replace(/(?<=.{2}[cs])ion$/, "ión");

const KOREAN_WORD = /^[가-힣]+$/;
const KOREAN_DO = /(?:하|해|했|한|할|합)[가-힣]{0,4}$/;
const KOREAN_VERB =
  /(?:았|었|였)?(?:습니다|습니까|어요|아요|여요|네요|군요|지요|지만|으면|어서|아서|으니까|는데|은데|던|는|고|게|지|자|니|면|다|요|어|아)$/;
const KOREAN_NOUN =
  /(?:에서는|에서도|에게서|이에요|입니다|이었다|에서|에게|한테|까지|부터|처럼|보다|마다|조차|으로|라고|이랑|예요|이다|은|는|이|가|을|를|에|의|도|만|로|와|과|랑|나)$/;

const FIRST_SYLLABLE = 0xac00;
const PAST = 20;
/** Vowels in which a verb's own vowel and that of its ending became one, and the verb's own. */
const MERGED: Readonly<Record<number, number>> = { 6: 20, 9: 8, 14: 13 };

/** The stem of a verb whose last syllable took the ending into itself: 갔 → 가, 마셨 → 마시. */
function unmerged(stem: string): string {
  const last = stem.charCodeAt(stem.length - 1) - FIRST_SYLLABLE;
  const [final, vowel] = [last % 28, Math.floor((last % 588) / 28)];
  if (final !== 0 && final !== PAST) return stem;
  const own = MERGED[vowel] ?? vowel;
  return stem.slice(0, -1) + String.fromCharCode(FIRST_SYLLABLE + last - final + (own - vowel) * 28);
}

/** What may be the stems of a Korean word: without particles, and without the endings of verbs. */
export function koreanStems(word: string): string[] {
  if (!KOREAN_WORD.test(word)) return [];
  const stems = [KOREAN_NOUN, KOREAN_VERB, KOREAN_DO].map((ending) => word.replace(ending, "")).filter((stem) => stem !== "");
  return [...new Set([...stems, ...stems.map(unmerged)])];
}

/** Chinese characters with the kana that bend them: 食べる, 寒かった, 学校で. */
const BENT = /([\p{Script=Han}々]{1,4})[\u3041-\u3096]+/gu;

/** The characters of a run that kana follow, which bend a verb or an adjective or say what a noun does; each ending of them too. */
export const japaneseStems = (run: string): { stem: string; at: number }[] =>
  [...run.matchAll(BENT)].flatMap(({ 1: stem = "", index }) =>
    Array.from({ length: stem.length }, (_, skipped) => ({ stem: stem.slice(skipped), at: index + skipped })),
  );

const ASKED = /^([\p{Script=Han}々]{1,4})[\u3041-\u3096]{1,5}$/u;

/** The stem of a run that is asked for, when the run is one bent word. */
export const japaneseStemAsked = (run: string): string | null => ASKED.exec(run)?.[1] ?? null;
