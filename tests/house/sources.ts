import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Folders that programs create, download or maintain; they are not part of the source. */
const IGNORED = new Set(["node_modules", ".git", "dist", ".data", "coverage", "test-results", ".cache"]);
const GENERATED = "prisma/generated";

function walk(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (IGNORED.has(entry.name) || path === GENERATED || entry.isSymbolicLink()) return [];
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** Returns every file of the repository, as paths from its root with forward slashes. */
export const allFiles = (): string[] => walk("").sort();

/** Returns every hand-written TypeScript file. */
export const sourceFiles = (): string[] => allFiles().filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".d.ts"));

export const readText = (path: string): string => readFileSync(join(ROOT, path), "utf8");

export type Import = {
  /** As written: `express`, `../utils/ids.ts`. */
  specifier: string;
  /** The imported file as a path from the root; null for a package. */
  file: string | null;
  /** True if the import does not exist at run time. */
  isType: boolean;
};

const hasOnlyTypes = (clause: ts.ImportClause | undefined): boolean => {
  if (clause === undefined) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const bindings = clause.namedBindings;
  return (
    clause.name === undefined &&
    bindings !== undefined &&
    ts.isNamedImports(bindings) &&
    bindings.elements.length > 0 &&
    bindings.elements.every((element) => element.isTypeOnly)
  );
};

const exportsOnlyTypes = (node: ts.ExportDeclaration): boolean =>
  node.isTypeOnly ||
  (node.exportClause !== undefined &&
    ts.isNamedExports(node.exportClause) &&
    node.exportClause.elements.every((element) => element.isTypeOnly));

function resolved(from: string, specifier: string): string | null {
  if (!specifier.startsWith(".")) return null;
  return relative(ROOT, join(ROOT, dirname(from), specifier))
    .split(sep)
    .join("/");
}

const parsed = (path: string): ts.SourceFile =>
  ts.createSourceFile(path, readText(path), ts.ScriptTarget.Latest, true, path.endsWith("x") ? ts.ScriptKind.TSX : ts.ScriptKind.TS);

/** Returns the parameters of all functions of one file that have a type, as written: `name: Type`. */
export function parametersOf(path: string): string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isParameter(node) && node.type !== undefined) found.push(`${node.name.getText()}: ${node.type.getText()}`);
    ts.forEachChild(node, visit);
  };
  visit(parsed(path));
  return found;
}

/** Returns the imports of one file: static, dynamic with a fixed name, and re-exports. */
export function importsOf(path: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Expression | undefined, isType: boolean): void => {
    if (specifier !== undefined && ts.isStringLiteralLike(specifier))
      found.push({ specifier: specifier.text, file: resolved(path, specifier.text), isType });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, hasOnlyTypes(node.importClause));
    else if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, exportsOnlyTypes(node));
    else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) add(node.arguments[0], false);
    else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    ts.forEachChild(node, visit);
  };
  visit(parsed(path));
  return found;
}
