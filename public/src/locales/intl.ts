/** Returns a factory that creates one object per language: creating an Intl object takes as long as thousands of uses. */
export function perLanguage<Made>(make: (language: string) => Made): (language: string) => Made {
  const known = new Map<string, Made>();
  return (language) => {
    const made = known.get(language) ?? make(language);
    known.set(language, made);
    return made;
  };
}

export const pluralRules = perLanguage((language) => new Intl.PluralRules(language));
export const numberFormat = perLanguage((language) => new Intl.NumberFormat(language));
export const languageNames = perLanguage((language) => new Intl.DisplayNames([language], { type: "language" }));
export const conjunction = perLanguage((language) => new Intl.ListFormat(language, { type: "conjunction" }));
export const narrowConjunction = perLanguage((language) => new Intl.ListFormat(language, { type: "conjunction", style: "narrow" }));

let collator: Intl.Collator | undefined;

/** Compares names in the order of the browser's own language. */
export function compareNames(a: string, b: string): number {
  collator ??= new Intl.Collator();
  return collator.compare(a, b);
}
