import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import type { Account } from "./account.ts";

const START_TIMEOUT_MS = 120_000;
const STOP_TIMEOUT_MS = 20_000;
const POLL_MS = 200;

/** A server of the built program. `stop` sends SIGTERM and returns the exit code, or the signal that ended it. */
export type RunningServer = { readonly url: string; stop(): Promise<number | string> };

export type ServerOptions = {
  /** The program and its arguments. */
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  readonly port: number;
  readonly account: Account;
};

/** Returns an unused port. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const address = probe.address();
  probe.close();
  await once(probe, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

const isHealthy = (url: string): Promise<boolean> =>
  fetch(`${url}/health`).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Starts a server and waits until it answers.
 * @throws Error with its output if it exits first, or does not answer within two minutes
 */
export async function startServer({ args, cwd, env, port, account }: ServerOptions): Promise<RunningServer> {
  const [program = "", ...rest] = args;
  const child = spawn(program, rest, { cwd, env, stdio: ["ignore", "pipe", "pipe"], ...account });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const ended = once(child, "exit").then(([code, signal]: (number | string | null)[]) => code ?? signal ?? "nothing");
  const url = `http://127.0.0.1:${port}`;
  const end = performance.now() + START_TIMEOUT_MS;
  while (!(await isHealthy(url))) {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (!hasEnded && performance.now() < end) await pause(POLL_MS);
    else {
      child.kill("SIGKILL");
      throw new Error(`The server does not answer:\n${output}`);
    }
  }
  async function stop(): Promise<number | string> {
    const timer = setTimeout(() => child.kill("SIGKILL"), STOP_TIMEOUT_MS);
    child.kill("SIGTERM");
    return ended.finally(() => clearTimeout(timer));
  }
  return { url, stop };
}
