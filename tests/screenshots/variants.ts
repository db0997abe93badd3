const widths = [320, 390, 820, 1440] as const;
const locales = ["en", "de", "ar", "ja"] as const;
const themes = ["light", "dark", "contrast"] as const;

/** The viewport, language and theme of one run. */
export type Variant = {
  readonly width: (typeof widths)[number];
  readonly locale: (typeof locales)[number];
  readonly theme: (typeof themes)[number];
};

export const heights: Record<Variant["width"], number> = { 320: 640, 390: 844, 820: 1_180, 1440: 900 };

/** Covers every width in every theme and every language in every theme, each at least once. */
const few: readonly Variant[] = [
  { width: 390, locale: "en", theme: "light" },
  { width: 1440, locale: "en", theme: "dark" },
  { width: 320, locale: "de", theme: "light" },
  { width: 820, locale: "de", theme: "dark" },
  { width: 390, locale: "ar", theme: "dark" },
  { width: 1440, locale: "ar", theme: "light" },
  { width: 390, locale: "ja", theme: "contrast" },
  { width: 820, locale: "ja", theme: "light" },
  { width: 320, locale: "ar", theme: "contrast" },
  { width: 1440, locale: "de", theme: "contrast" },
  { width: 320, locale: "ja", theme: "dark" },
  { width: 820, locale: "en", theme: "contrast" },
];

const every = (): readonly Variant[] =>
  widths.flatMap((width) => locales.flatMap((locale) => themes.map((theme) => ({ width, locale, theme }))));

export const nameOf = ({ width, locale, theme }: Variant): string => `${width}-${locale}-${theme}`;

/** Returns the variants to capture: `SCREENSHOTS=all` selects all 48, `SCREENSHOTS=390-en-light,…` those with these names. */
export function wantedVariants(wanted = process.env.SCREENSHOTS): readonly Variant[] {
  if (wanted === undefined || wanted === "") return few;
  return wanted === "all" ? every() : every().filter((one) => wanted.split(",").includes(nameOf(one)));
}
