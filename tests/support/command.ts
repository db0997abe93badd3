import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { TEST_SECRETS } from "./app.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** The output and the exit code of a command. */
export type Ended = { readonly code: number; readonly words: string };

/** Runs an operator's command as its script does, from source. */
export async function runCommandFile(file: string, env: Readonly<Record<string, string>>, args: readonly string[] = []): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", file, ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH ?? "", NODE_ENV: "test", ...TEST_SECRETS, ...env },
  });
  let words = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const [code] = (await once(child, "close")) as [number];
  return { code, words: words.trim() };
}
