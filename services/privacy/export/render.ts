import type { SupportedLanguage } from "../../../utils/text/languages.ts";
import { type ExportFile, exportFiles } from "../user-key.ts";
import type { Entry } from "./files.ts";
import { exportTexts } from "./localized-text.ts";

const ENTITIES: Readonly<Record<string, string>> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Escapes a text for HTML. */
export const safe = (text: string): string => text.replace(/[&<>"']/g, (char) => ENTITIES[char] ?? char);

function shown(value: unknown): string {
  if (value === null || value === undefined) return "–";
  if (value instanceof Date) return value.toISOString();
  return Array.isArray(value) ? value.map(String).join(", ") : String(value);
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
table{border-collapse:collapse;width:100%}th,td{text-align:start;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #ccc}
td{white-space:pre-wrap;overflow-wrap:anywhere}`;

/** Returns the head of a page that has no scripts and loads no resources. */
const head = (language: SupportedLanguage, title: string): string => `<!doctype html>
<html lang="${language}" dir="${language === "ar" ? "rtl" : "ltr"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${safe(title)}</title><style>${STYLE}</style></head><body><h1>${safe(title)}</h1>
`;

const TAIL = "</body></html>\n";

const rowOf = (tag: "th" | "td", cells: readonly string[]): string =>
  `<tr>${cells.map((cell) => `<${tag} dir="auto">${safe(cell)}</${tag}>`).join("")}</tr>\n`;

/** The file and language of a page. */
export type Page = { readonly file: ExportFile; readonly language: SupportedLanguage };

/** Yields a file as an HTML page while its entries are read. */
export async function* pageOf({ file, language }: Page, entries: AsyncIterable<Entry>): AsyncGenerator<string> {
  const texts = exportTexts[language];
  yield head(language, texts.titles[file]);
  yield `<p><a href="../index.html">${safe(texts.back)}</a></p>\n`;
  let count = 0;
  for await (const entry of entries) {
    if (count === 0) yield `<table>\n${rowOf("th", Object.keys(entry))}`;
    count += 1;
    yield rowOf("td", Object.values(entry).map(shown));
  }
  yield count === 0 ? `<p>${safe(texts.nothing)}</p>\n` : "</table>\n";
  yield TAIL;
}

/** Yields a file as a JSON array while its entries are read. Calls `onEntry` for each entry. */
export async function* jsonOf(entries: AsyncIterable<Entry>, onEntry: () => void): AsyncGenerator<string> {
  let separator = "[\n";
  for await (const entry of entries) {
    onEntry();
    yield `${separator}${JSON.stringify(entry)}`;
    separator = ",\n";
  }
  yield separator === "[\n" ? "[]\n" : "\n]\n";
}

/** The number of entries per file, and the time of the export. */
export type Contents = { readonly counts: ReadonlyMap<ExportFile, number>; readonly at: Date };

/** Returns the index page, which links to all others. */
export function indexPage(language: SupportedLanguage, { counts, at }: Contents): string {
  const texts = exportTexts[language];
  const items = exportFiles.map(
    (file) => `<li>${safe(texts.titles[file])} (${counts.get(file) ?? 0}):
<a href="pages/${file}.html">${safe(texts.forPeople)}</a>, <a href="data/${file}.json">${safe(texts.forPrograms)}</a></li>`,
  );
  const intro = `<p>${safe(texts.asOf)} <bdi>${at.toISOString()}</bdi></p>`;
  return `${head(language, texts.heading)}${intro}\n<ul>\n${items.join("\n")}\n</ul>\n${TAIL}`;
}
