import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { FromSwarm, SwarmJob, SwarmResult } from "./load/job.ts";

const running = new Set<ChildProcess>();

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** Returns an unused port below the ephemeral range. */
export async function freePort(): Promise<number> {
  for (let port = 20_000 + Math.floor(Math.random() * 10_000); port < 32_000; port += 1) {
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (isFree) {
      probe.close();
      await once(probe, "close");
      return port;
    }
  }
  throw new Error("no free port below 32,000");
}

function watched(child: ChildProcess): ChildProcess {
  running.add(child);
  child.once("exit", () => running.delete(child));
  return child;
}

/** Starts a program of this folder in a separate process. */
export const forkHere = (file: string, env: NodeJS.ProcessEnv = {}): ChildProcess =>
  watched(fork(here(file), { execArgv: ["--import", "tsx"], env: { ...process.env, ...env }, serialization: "advanced" }));

/** Starts any other program, in this checkout's folder by default; its output is inherited. */
export const run = (command: string, args: string[], env: NodeJS.ProcessEnv, folder = here("../..")): ChildProcess =>
  watched(spawn(command, args, { cwd: folder, env, stdio: ["ignore", "inherit", "inherit"] }));

/** Asks a process to exit, and kills it if it does not within 15 s. */
export async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 15_000);
  await gone;
  clearTimeout(timer);
}

/** Stops every process that was started here. */
export const stopAll = async (): Promise<void> => void (await Promise.all([...running].map(stop)));

/** Waits until a process answers over HTTP. */
export async function reachable(url: string, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 600 && child.exitCode === null; tries += 1) {
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) return;
    await pause(100);
  }
  throw new Error(`${url} did not answer; the process ${child.exitCode === null ? "is silent" : `ended with ${child.exitCode}`}`);
}

/** Starts a load generator; `connected` resolves when all its clients have joined, `result` when the load is over. */
export function startSwarm(job: SwarmJob): { connected: Promise<void>; result: Promise<SwarmResult>; stop: () => Promise<void> } {
  const child = forkHere("./load/swarm.ts");
  let isConnected: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const connected = new Promise<void>((resolve, reject) => {
    isConnected = resolve;
    fail = reject;
  });
  const result = new Promise<SwarmResult>((resolve, reject) => {
    child.on("message", (message: FromSwarm) => {
      if (message.kind === "connected") isConnected();
      else if (message.kind === "done") resolve(message.result);
      else reject(new Error(message.reason));
    });
    child.once("exit", () => reject(new Error("the load generator ended early")));
  });
  result.catch(fail);
  // A caller that awaits only the result learns of the failure there.
  connected.catch(() => undefined);
  child.send(job);
  return { connected, result, stop: () => stop(child) };
}
