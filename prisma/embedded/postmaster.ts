import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import { clusterFolder } from "./cluster.ts";
import type { Home } from "./home.ts";

const run = promisify(execFile);
const POLL_MS = 20;

/** A PostgreSQL server that runs on our cluster, as its own pid file tells it. */
export type Postmaster = { readonly pid: number; readonly socketFolder: string; readonly isReady: boolean };

export type ServerOptions = { readonly socketFolder: string; readonly isDurable: boolean };

async function commandOf(pid: number): Promise<string> {
  if (process.platform === "linux") return (await readFile(`/proc/${pid}/cmdline`, "utf8")).replaceAll("\0", " ");
  return (await run("ps", ["-o", "command=", "-p", String(pid)])).stdout;
}

/** A pid alone proves nothing: after a reboot it may be anybody's. A zombie has no command line. */
async function isPostmasterOf(pid: number, cluster: string): Promise<boolean> {
  const command = await commandOf(pid).catch(() => "");
  return command.includes(`postgres -D ${cluster} `);
}

const parsePidFile = (text: string): Postmaster => {
  const lines = text.split("\n").map((line) => line.trim());
  return { pid: Number(lines[0]), socketFolder: lines[4] ?? "", isReady: lines[7] === "ready" };
};

/** The server that runs on the cluster now, or null. */
export async function findPostmaster(home: Home): Promise<Postmaster | null> {
  const cluster = clusterFolder(home);
  const text = await readFile(join(cluster, "postmaster.pid"), "utf8").catch(() => null);
  if (text === null) return null;
  const found = parsePidFile(text);
  return (await isPostmasterOf(found.pid, cluster)) ? found : null;
}

/**
 * Rids a pid file of a number that now belongs to a zombie or to a stranger, for PostgreSQL would refuse to start.
 * Our own pid takes its place: PostgreSQL passes over its parent's, and still checks that nobody uses the old shared memory.
 * The file is held open from reading to writing, so that a new one, made by another start meanwhile, stays untouched.
 */
export async function disarmPidFile(home: Home): Promise<void> {
  const cluster = clusterFolder(home);
  const file = await open(join(cluster, "postmaster.pid"), "r+").catch(() => null);
  if (file === null) return;
  try {
    const text = await file.readFile("utf8");
    if (await isPostmasterOf(parsePidFile(text).pid, cluster)) return;
    const disarmed = text.replace(/^\d+/, String(process.pid));
    await file.truncate(0);
    await file.write(disarmed, 0);
  } finally {
    await file.close();
  }
}

const settings = (options: ServerOptions): string[] => {
  const durable = options.isDurable ? "on" : "off";
  const chosen = {
    listen_addresses: "",
    unix_socket_directories: options.socketFolder,
    max_connections: "100",
    shared_buffers: "128MB",
    fsync: durable,
    synchronous_commit: durable,
    full_page_writes: durable,
    jit: "off",
    timezone: "UTC",
    log_timezone: "UTC",
    // Statements that fail may quote what people wrote: only the server's own affairs are logged.
    log_min_messages: "log",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
  };
  return Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
};

/**
 * Starts a server in a session of its own, so that Ctrl-C at the terminal reaches it through us and not before us.
 * @throws Error when the program cannot be run at all
 */
export async function spawnPostmaster(home: Home, binaries: string, options: ServerOptions): Promise<ChildProcess> {
  const log = await open(logFile(home), "a", 0o600);
  try {
    const child = spawn(join(binaries, "postgres"), ["-D", clusterFolder(home), ...settings(options)], {
      cwd: "/",
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
      stdio: ["ignore", log.fd, log.fd],
      detached: true,
      ...home.account,
    });
    await once(child, "spawn");
    return child;
  } finally {
    await log.close();
  }
}

export const logFile = (home: Home): string => join(home.path, "postgres.log");

/** Waits until a child serves connections. Resolves false when it ended instead. A recovery may take minutes and is waited for. */
export async function isServing(home: Home, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const found = await findPostmaster(home);
    if (found !== null && found.pid === child.pid && found.isReady) return true;
    await pause(POLL_MS);
  }
  return false;
}

/** Ends somebody else's server by "fast shutdown": open transactions are rolled back, everything committed is written. */
export async function stopPostmaster(home: Home, { pid }: Postmaster): Promise<void> {
  process.kill(pid, "SIGINT");
  while (await isPostmasterOf(pid, clusterFolder(home))) await pause(POLL_MS);
}
