import type { SpokenLanguage } from "../../../utils/text/languages.ts";
import { type ExportFile, exportFiles } from "../data-retention-registry.ts";
import type { Entry } from "./files.ts";
import { exportTexts } from "./localized-text.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** A text as it may stand in a page: whatever it says, it is only read. */
export const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}
td{white-space:pre-wrap;overflow-wrap:anywhere}`;

/** A page without scripts, that asks nobody for anything. */
const head = (language: SpokenLanguage, title: string): string => `<!doctype html>
<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title><style>${STYLE}</style></head><body><h1>${safe(title)}</h1>
`;

const TAIL = "</body></html>\n";

const rowOf = (tag: "th" | "td", cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<${tag} dir="auto">${safe(cell)}</${tag}>`).join("")}</tr>\n`;

/** Which page, and in which language. */
export type Page = { readonly file: ExportFile; readonly language: SpokenLanguage };

/** A file as a page, written as its entries come. */
export async function* pageOf({ file, language }: Page, entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  const words = exportTexts[language];
  yield head(language, words.titles[file]);
  yield `<p><a href="../index.html">${safe(words.back)}</a></p>\n`;
  let count = 0;
  for await (const entry of entries) {
    if (count === 0) yield `<table>\n${rowOf("th", Object.keys(entry))}`;
    count += 1;
    yield rowOf("td", Object.values(entry).map(shown));
  }
  yield count === 0 ? `<p>${safe(words.nothing)}</p>\n` : "</table>\n";
  yield TAIL;
}

/** A file as JSON: a list, written as its entries come. `onEntry` hears of each. */
export async function* jsonOf(entries: AsyncIterable<Entry>, onEntry: () => void): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const entry of entries) {
    onEntry();
    yield `${separator}${JSON.stringify(entry)}`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

/** How much is in each file, and when that was. */
export type Contents = { readonly counts: ReadonlyMap<ExportFile, number>; readonly at: Date };

/** The page that leads to all others. */
export function indexPage(language: SpokenLanguage, { counts, at }: Contents): string {
  const words = exportTexts[language];
  const items = exportFiles.map(
    (file) => `<li>${safe(words.titles[file])} (${counts.get(file) ?? 0}):
<a href="pages/${file}.html">${safe(words.forPeople)}</a>, <a href="data/${file}.json">${safe(words.forPrograms)}</a></li>`,
  );
  const intro = `<p>${safe(words.asOf)} <bdi>${at.toISOString()}</bdi></p>`;
  return `${head(language, words.heading)}${intro}\n<ul>\n${items.join("\n")}\n</ul>\n${TAIL}`;
}
