import { expect } from "vitest";

/** The texts of one language: phrases with placeholders, and phrases with a form per plural category. */
type Texts = { readonly phrases: object; readonly counted: object };

/** Returns the placeholders of a text, sorted. */
export const slots = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "").sort();

/** Expects each phrase to have the placeholders of the English one, and none to be empty. */
export function expectSameSlots(words: Pick<Texts, "phrases">, english: Pick<Texts, "phrases">): void {
  const own = words.phrases as Record<string, string>;
  for (const [key, text] of Object.entries(english.phrases as Record<string, string>)) {
    expect([key, slots(own[key] ?? "")]).toEqual([key, slots(text)]);
    expect(own[key]?.trim()).not.toBe("");
  }
}

/** Expects counted phrases to have only plural categories of the language, and no text to contain an exclamation mark. */
export function expectPluralsOf(code: string, words: Texts): void {
  const known = new Set<string>(new Intl.PluralRules(code).resolvedOptions().pluralCategories);
  for (const forms of Object.values(words.counted) as { other: string }[]) {
    expect(slots(forms.other)).toEqual(["count"]);
    expect(Object.keys(forms).filter((form) => !known.has(form))).toEqual([]);
  }
  expect(JSON.stringify(words)).not.toMatch(/[!！]/);
}
