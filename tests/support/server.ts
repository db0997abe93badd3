import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { prepareHome } from "../../prisma/embedded/data-dir.ts";
import { findPostmaster } from "../../prisma/embedded/postmaster.ts";
import { findEmbedded } from "../../prisma/embedded.ts";
import { noteLog } from "./conformance/private-data.mjs";

const root = fileURLToPath(new URL("../../", import.meta.url));
const START_MS = 110_000;

export type RunningServer = {
  readonly url: string;
  /** The log since the start of the test. */
  readonly log: string[];
  /** Returns the address of its database, for direct access. */
  databaseUrl(): Promise<string>;
  /** Returns the pid of its database, so that tests can kill it separately. */
  databasePid(): Promise<number>;
  /** Freezes the server with SIGSTOP: its sockets stay open, and nothing is answered until `resume`. */
  freeze(): void;
  resume(): void;
  /** Kills the server as a power cut would: nothing is sent and nothing is finished. */
  kill(): Promise<void>;
  /** Starts the server again on the same data and the same port. */
  restart(): Promise<void>;
  /** Stops the server gracefully and removes its data. */
  remove(): Promise<void>;
};

const isFree = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen(port, "0.0.0.0", () => probe.close(() => resolve(true)));
  });

/** Returns a free port below the ephemeral range, so that it is still free after a restart. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    if (await isFree(port)) return port;
  }
  throw new Error("found no free port");
}

async function ready(url: string, server: ChildProcess): Promise<void> {
  const deadline = Date.now() + START_MS;
  while (Date.now() < deadline) {
    if (server.exitCode !== null) throw new Error(`the server ended with ${server.exitCode}`);
    const answer = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(2_000) }).catch(() => null);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("the server did not become ready");
}

/**
 * Starts the built server in its own process, on its own data folder and port.
 * @throws Error when it was not built or does not become ready
 */
export async function startServer(env: NodeJS.ProcessEnv = {}): Promise<RunningServer> {
  const program = join(root, "dist/server.js");
  if (!existsSync(program) || !existsSync(join(root, "dist/public/index.html"))) throw new Error("Build the server first: npm run build");
  const dataDir = await mkdtemp(join(tmpdir(), "chatroom-e2e-"));
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const log: string[] = [];
  let server: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const next = spawn(process.execPath, ["--enable-source-maps", program], {
      cwd: root,
      env: { ...process.env, NODE_ENV: "development", PORT: String(port), DATA_DIR: dataDir, LIMITS_SCALE: "1000", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [next.stdout, next.stderr]) {
      stream.on("data", (chunk: Buffer) => log.push(chunk.toString()));
      createInterface({ input: stream }).on("line", noteLog);
    }
    server = next;
    await ready(url, next).catch((error: unknown) => {
      next.kill("SIGKILL");
      throw new Error(`${String(error)}\n${log.join("")}`);
    });
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const running = server;
    server = null;
    if (!running || running.exitCode !== null || running.signalCode !== null) return;
    const ended = once(running, "exit");
    running.kill(signal);
    // A stopped process handles signals only after SIGCONT.
    running.kill("SIGCONT");
    await ended;
  };

  await start().catch(async (error: unknown) => {
    await rm(dataDir, { recursive: true, force: true });
    throw error;
  });
  return {
    url,
    log,
    databaseUrl: async () => {
      const found = await findEmbedded(dataDir);
      if (!found) throw new Error("the database is not running");
      return found;
    },
    databasePid: async () => {
      const found = await findPostmaster(await prepareHome(dataDir));
      if (!found) throw new Error("the database is not running");
      return found.pid;
    },
    freeze: () => void server?.kill("SIGSTOP"),
    resume: () => void server?.kill("SIGCONT"),
    kill: () => end("SIGKILL"),
    restart: start,
    remove: async () => {
      // A killed server leaves its database running; the next one adopts and stops it.
      if (!server) await start();
      await end("SIGTERM");
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
