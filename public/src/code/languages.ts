/** The highlighted languages, each with its aliases. */
const NAMES = {
  bash: "sh shell zsh console",
  c: "h",
  cpp: "c++ cc cxx hpp",
  csharp: "c# cs",
  css: "",
  diff: "patch",
  go: "golang",
  java: "",
  javascript: "js jsx mjs cjs",
  json: "jsonc json5",
  kotlin: "kt kts",
  php: "",
  python: "py",
  ruby: "rb",
  rust: "rs",
  sql: "postgres postgresql pgsql mysql sqlite",
  swift: "",
  typescript: "ts tsx mts cts",
  xml: "html svg vue xhtml",
  yaml: "yml",
} as const;

export type CodeLanguage = keyof typeof NAMES;

const byName = new Map<string, CodeLanguage>();
for (const [language, others] of Object.entries(NAMES) as [CodeLanguage, string][]) {
  for (const name of `${language} ${others}`.trim().split(" ")) byName.set(name, language);
}

/** Returns the language named by the first token after an opening fence, or null if it is not supported. */
export const codeLanguageOf = (info: string): CodeLanguage | null =>
  byName.get(/^\s*([^\s,{]+)/.exec(info)?.[1]?.toLowerCase() ?? "") ?? null;
