// Removes files that the server never loads from node_modules, after `npm prune --omit=dev --legacy-peer-deps`: Prisma's query compilers
// for other databases, each in two sizes and two module formats. The generated client names those it loads.
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const runtime = join(root, "node_modules", "@prisma", "client", "runtime");
const client = join(root, "dist", "prisma", "generated", "internal", "class.js");

/** Returns the names of the query compilers that the built client imports, without their endings. */
function usedCompilers() {
  const names = [...readFileSync(client, "utf8").matchAll(/@prisma\/client\/runtime\/(query_compiler_[\w.-]+\.mjs)/g)];
  if (names.length === 0)
    throw new Error(`${client} names no query compiler. Check what Prisma generates now, and update utils/tooling/prune.mjs.`);
  return new Set(names.map(([, name]) => name));
}

/** Returns the files of Prisma's runtime that the server does not load, as paths. */
function unusedFiles() {
  const used = usedCompilers();
  const compilers = readdirSync(runtime).filter((name) => name.startsWith("query_compiler_"));
  return compilers.filter((name) => !used.has(name)).map((name) => join(runtime, name));
}

if (existsSync(join(root, "node_modules", "prisma"))) {
  console.error("The development tools are still installed. Run first: npm prune --omit=dev --legacy-peer-deps");
  process.exit(1);
}
const files = unusedFiles();
const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
for (const file of files) rmSync(file);
console.log(`Removed ${files.length} files of Prisma that the server does not load, ${Math.round(bytes / 1e6)} MB.`);
