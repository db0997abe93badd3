import type { LanguageFn } from "highlight.js";
import { createLowlight } from "lowlight";
import type { CodeLanguage } from "./languages.ts";
import type { Look, Token } from "./tokens.ts";

type Grammar = () => Promise<{ default: LanguageFn }>;

/** Grammars are separate files, each fetched when the first block in its language is shown. */
const grammars: Record<CodeLanguage, Grammar> = {
  bash: () => import("highlight.js/lib/languages/bash"),
  c: () => import("highlight.js/lib/languages/c"),
  cpp: () => import("highlight.js/lib/languages/cpp"),
  csharp: () => import("highlight.js/lib/languages/csharp"),
  css: () => import("highlight.js/lib/languages/css"),
  diff: () => import("highlight.js/lib/languages/diff"),
  go: () => import("highlight.js/lib/languages/go"),
  java: () => import("highlight.js/lib/languages/java"),
  javascript: () => import("highlight.js/lib/languages/javascript"),
  json: () => import("highlight.js/lib/languages/json"),
  kotlin: () => import("highlight.js/lib/languages/kotlin"),
  php: () => import("highlight.js/lib/languages/php"),
  python: () => import("highlight.js/lib/languages/python"),
  ruby: () => import("highlight.js/lib/languages/ruby"),
  rust: () => import("highlight.js/lib/languages/rust"),
  sql: () => import("highlight.js/lib/languages/sql"),
  swift: () => import("highlight.js/lib/languages/swift"),
  typescript: () => import("highlight.js/lib/languages/typescript"),
  xml: () => import("highlight.js/lib/languages/xml"),
  yaml: () => import("highlight.js/lib/languages/yaml"),
};

const lowlight = createLowlight();

type Tree = ReturnType<typeof lowlight.highlight>;
type Node = Tree["children"][number];
type Element = Extract<Node, { type: "element" }>;

/** Fetches and registers a grammar unless it is registered already. */
export async function prepare(language: CodeLanguage): Promise<void> {
  if (lowlight.registered(language)) return;
  const { default: grammar } = await grammars[language]();
  lowlight.register(language, grammar);
}

const SCOPES: Record<Look, string> = {
  keyword: "keyword operator-keyword built_in literal selector-tag name meta doctag section",
  string: "string regexp char symbol link attr-value quote template-string",
  number: "number bullet",
  comment: "comment",
  name: "title function attr attribute property selector-id selector-class selector-attr selector-pseudo variable",
  type: "type class params-type tag-name built-type",
  added: "addition",
  removed: "deletion",
};

const lookOfScope = new Map<string, Look>();
for (const [look, scopes] of Object.entries(SCOPES) as [Look, string][])
  for (const scope of scopes.split(" ")) lookOfScope.set(scope, look);

function lookOf({ properties }: Element): Look | null {
  const { className } = properties;
  if (!Array.isArray(className)) return null;
  for (const name of className) {
    const look = lookOfScope.get(String(name).replace(/^hljs-/, ""));
    if (look) return look;
  }
  return null;
}

function collect(nodes: readonly Node[], look: Look | null, tokens: Token[]): void {
  for (const node of nodes) {
    if (node.type === "element") collect(node.children, lookOf(node) ?? look, tokens);
    if (node.type !== "text") continue;
    const last = tokens.at(-1);
    if (last && last.look === look) tokens[tokens.length - 1] = { text: last.text + node.value, look };
    else tokens.push({ text: node.value, look });
  }
}

/** Tokenizes code. The grammar must have been prepared. */
export function tokenize(language: CodeLanguage, text: string): Token[] {
  const tokens: Token[] = [];
  collect(lowlight.highlight(language, text).children, null, tokens);
  return tokens;
}
