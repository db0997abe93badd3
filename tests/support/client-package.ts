import { execFile } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { testFolder } from "./database/db.ts";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../../", import.meta.url));

/** Whether npm installs the package's dependencies (`npm run test:client`); otherwise they are copied from this repository. */
const isFromRegistry = process.env.CLIENT_INSTALL === "registry";

/** A separate project that has installed the client package. */
export type ClientProject = {
  readonly path: string;
  /** The files of the package, by their paths in it. */
  readonly files: readonly string[];
  /** Returns the bytes that its node_modules take on disk. */
  installedBytes(): number;
  write(name: string, text: string): string;
  remove(): Promise<void>;
};

type Manifest = { readonly dependencies?: Record<string, string> };

/** Returns the folder of a package that another package of this repository depends on. */
function folderOf(name: string, from: string): string {
  const places = createRequire(join(from, "package.json")).resolve.paths(name) ?? [];
  const found = places.map((place) => join(place, name)).find((folder) => statSync(folder, { throwIfNoEntry: false })?.isDirectory());
  if (found === undefined) throw new Error(`${name} is not installed`);
  return found;
}

/** Copies the dependencies of a package, and theirs, side by side into a node_modules folder. */
function copyDependencies(from: string, modules: string, known = new Set<string>()): void {
  const { dependencies = {} } = JSON.parse(readFileSync(join(from, "package.json"), "utf8")) as Manifest;
  for (const name of Object.keys(dependencies).filter((one) => !known.has(one))) {
    known.add(name);
    const folder = folderOf(name, from);
    cpSync(folder, join(modules, name), { recursive: true, dereference: true });
    copyDependencies(folder, modules, known);
  }
}

/** Returns the files in a folder, by their paths in it. */
const filesIn = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));

/** Disks store files in blocks of this size, as `du` counts them. */
const BLOCK = 4_096;

/** Builds and packs the client, and installs the package in an empty project. */
export async function installClient(): Promise<ClientProject> {
  await run(process.execPath, ["utils/tooling/build.mjs", "package"], { cwd: root });
  const folder = await testFolder();
  const path = join(folder.path, "project");
  const modules = join(path, "node_modules");
  const installed = join(modules, "the-chatroom-client");
  mkdirSync(path, { recursive: true });
  const write = (name: string, text: string): string => {
    writeFileSync(join(path, name), text);
    return join(path, name);
  };
  write("package.json", JSON.stringify({ name: "bot", private: true, type: "module" }));
  const { stdout } = await run("npm", ["pack", "--workspace", "the-chatroom-client", "--pack-destination", folder.path, "--json"], {
    cwd: root,
  });
  const tarball = join(folder.path, "the-chatroom-client-0.1.0.tgz");
  if (isFromRegistry) await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", tarball], { cwd: path });
  else {
    mkdirSync(installed, { recursive: true });
    await run("tar", ["-xzf", tarball, "-C", installed, "--strip-components=1"]);
    copyDependencies(join(root, "utils", "client"), modules);
  }
  if (!stdout.includes("the-chatroom-client")) throw new Error(`npm pack answered: ${stdout}`);
  return {
    path,
    files: filesIn(installed).sort(),
    installedBytes: () => filesIn(modules).reduce((sum, file) => sum + Math.ceil(statSync(join(modules, file)).size / BLOCK) * BLOCK, 0),
    write,
    remove: folder.remove,
  };
}

/** Runs a program of a project, or TypeScript's compiler on it, and returns what it printed and its exit code. */
export async function runIn(path: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  try {
    const { stdout, stderr } = await run(process.execPath, [...args], { cwd: path });
    return { code: 0, output: `${stdout}${stderr}` };
  } catch (error) {
    const { code = 1, stdout = "", stderr = "" } = error as { code?: number; stdout?: string; stderr?: string };
    return { code, output: `${stdout}${stderr}` };
  }
}

/** The TypeScript compiler of this repository. */
export const compiler = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin", "tsc");
