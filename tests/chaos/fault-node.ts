import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { Home } from "../../prisma/embedded/data-dir.ts";
import { prepareHome } from "../../prisma/embedded/data-dir.ts";
import type { ProcessInfo } from "../../prisma/embedded/processes.ts";
import { clusterProcesses } from "../../prisma/embedded/shutdown.ts";
import { noteLog } from "../support/conformance/private-data.mjs";
import { freePort } from "../support/server.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));

/** The stop timeout of a service manager, after which it kills the process. Docker's is 10 s. */
export const STOP_LIMIT_MS = 10_000;
const READY_LIMIT_MS = 90_000;

/** How a server exited: its exit code or the signal that ended it, and how long that took. */
export type Exit = { readonly how: number | string; readonly tookMs: number };

/** The built server on its own data folder, started and stopped as a service manager does. */
export type FaultNode = {
  readonly port: number;
  readonly dataDir: string;
  readonly log: string[];
  /** Returns the current process, or the last one. */
  server(): ChildProcess;
  /** Starts a server without waiting for it. */
  spawn(): void;
  /** Waits until the server answers. @returns how long that took, or why it never will */
  ready(limitMs?: number): Promise<number | string>;
  isRunning(): boolean;
  /** Asks the server to stop, and kills it after the stop timeout. */
  stop(): Promise<Exit>;
  kill(): Promise<void>;
  /** Returns the processes of its PostgreSQL, found as the launcher finds them. */
  database(): { readonly postmaster: ProcessInfo | null; readonly backends: readonly ProcessInfo[] };
  remove(): Promise<void>;
};

const isPostmaster = ({ command }: ProcessInfo): boolean => command.includes("/bin/postgres -D ");

export async function makeFaultNode(): Promise<FaultNode> {
  const dataDir = await mkdtemp(join(tmpdir(), "chatroom-faults-"));
  const port = await freePort();
  const home: Home = await prepareHome(dataDir);
  const log: string[] = [];
  let child: ChildProcess | null = null;

  const server = (): ChildProcess => {
    if (child === null) throw new Error("no server was started");
    return child;
  };
  const isRunning = (): boolean => child !== null && child.exitCode === null && child.signalCode === null;

  function start(): void {
    const env = { ...process.env, NODE_ENV: "development", PORT: String(port), DATA_DIR: dataDir, LIMITS_SCALE: "1000" };
    child = spawn(process.execPath, ["--enable-source-maps", "dist/server.js"], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    for (const stream of [child.stdout, child.stderr]) {
      if (stream === null) continue;
      createInterface({ input: stream }).on("line", (line) => {
        log.push(line);
        noteLog(line);
      });
    }
  }

  async function ready(limitMs = READY_LIMIT_MS): Promise<number | string> {
    const startedAt = performance.now();
    while (performance.now() - startedAt < limitMs) {
      if (!isRunning()) return `ended with ${server().exitCode ?? server().signalCode}: ${log.at(-1)}`;
      const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
      if (answer?.ok) return Math.round(performance.now() - startedAt);
      await pause(50);
    }
    return `not ready after ${limitMs} ms`;
  }

  async function end(signal: NodeJS.Signals): Promise<Exit> {
    const running = server();
    const startedAt = performance.now();
    const exited = isRunning() ? once(running, "exit") : Promise.resolve();
    running.kill(signal);
    const limit = setTimeout(() => running.kill("SIGKILL"), STOP_LIMIT_MS);
    await exited;
    clearTimeout(limit);
    return { how: running.exitCode ?? running.signalCode ?? "nothing", tookMs: Math.round(performance.now() - startedAt) };
  }

  return {
    port,
    dataDir,
    log,
    server,
    spawn: start,
    ready,
    isRunning,
    stop: () => end("SIGTERM"),
    kill: async () => void (await end("SIGKILL")),
    database() {
      const found = clusterProcesses(home);
      return { postmaster: found.find(isPostmaster) ?? null, backends: found.filter((one) => !isPostmaster(one)) };
    },
    async remove() {
      if (isRunning()) await end("SIGKILL");
      for (const { pid } of clusterProcesses(home)) process.kill(pid, "SIGKILL");
      const place = await realpath(join(dataDir, "postgres")).catch(() => dataDir);
      for (const folder of [place, dataDir]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
