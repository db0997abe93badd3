import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { clusterFolder } from "./cluster.ts";
import type { Home } from "./data-dir.ts";
import { findProcess } from "./processes.ts";
import { clusterName, isServerCommand, watchActivity } from "./shutdown.ts";

const POLL_MS = 20;
/** A recovery reads and writes all the time. A server that does neither was stopped, or hangs. */
const STILL_AT_START_MS = 5_000;

/** A PostgreSQL server that runs on our cluster, as described by its pid file. */
export type Postmaster = {
  readonly pid: number;
  readonly socketFolder: string;
  readonly isReady: boolean;
  readonly isStopping: boolean;
};

export type ServerOptions = { readonly socketFolder: string; readonly isDurable: boolean };

/** Whether the process is the server of this cluster. The pid is not sufficient: after a reboot it may belong to any process. */
function isPostmasterOf(pid: number, cluster: string): boolean {
  return isServerCommand(findProcess(pid)?.command ?? "", cluster);
}

const parsePidFile = (text: string): Postmaster => {
  const lines = text.split("\n").map((line) => line.trim());
  return { pid: Number(lines[0]), socketFolder: lines[4] ?? "", isReady: lines[7] === "ready", isStopping: lines[7] === "stopping" };
};

/** Returns the content of the cluster's pid file, whether or not that server is still alive; null when there is none. */
export async function readPidFile(home: Home): Promise<Postmaster | null> {
  const text = await readFile(join(clusterFolder(home), "postmaster.pid"), "utf8").catch(() => null);
  return text === null ? null : parsePidFile(text);
}

/** Returns the server that currently runs on the cluster, or null. */
export async function findPostmaster(home: Home): Promise<Postmaster | null> {
  const found = await readPidFile(home);
  return found !== null && isPostmasterOf(found.pid, clusterFolder(home)) ? found : null;
}

/**
 * Replaces the pid in a pid file that belongs to a zombie or to an unrelated process, because PostgreSQL would not start. It is replaced
 * with our own pid: PostgreSQL ignores its parent's pid, and still checks that no process uses the old shared memory. A power failure may
 * have left the file empty. The file stays open from reading to writing, so that a new one, created by another start meanwhile, stays
 * untouched; it is written before it is truncated, so that it is complete at any time.
 */
export async function replaceStalePid(home: Home): Promise<void> {
  const cluster = clusterFolder(home);
  const file = await open(join(cluster, "postmaster.pid"), "r+").catch(() => null);
  if (file === null) return;
  try {
    const text = await file.readFile("utf8");
    if (isPostmasterOf(parsePidFile(text).pid, cluster)) return;
    const disarmed = /^\d/.test(text) ? text.replace(/^\d+/, String(process.pid)) : `${process.pid}\n`;
    await file.write(disarmed, 0);
    await file.truncate(Buffer.byteLength(disarmed));
  } finally {
    await file.close();
  }
}

const settings = (home: Home, options: ServerOptions): string[] => {
  const durable = options.isDurable ? "on" : "off";
  const chosen = {
    cluster_name: clusterName(home) ?? "",
    listen_addresses: "",
    unix_socket_directories: options.socketFolder,
    max_connections: "100",
    shared_buffers: "128MB",
    fsync: durable,
    synchronous_commit: durable,
    full_page_writes: durable,
    jit: "off",
    // A backup makes the server retain its WAL. A hanging backup fails at this size, before it fills the disk.
    max_slot_wal_keep_size: "8GB",
    timezone: "UTC",
    log_timezone: "UTC",
    // Failed statements may quote user content: only the server's own messages are logged.
    log_min_messages: "log",
    log_error_verbosity: "terse",
    log_checkpoints: "off",
  };
  return Object.entries(chosen).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
};

/**
 * Starts a server in its own session, so that Ctrl-C in the terminal only reaches it through us.
 * @throws Error when the program cannot be run at all
 */
export async function spawnPostmaster(home: Home, binaries: string, options: ServerOptions): Promise<ChildProcess> {
  const log = await open(logFile(home), "a", 0o600);
  try {
    const child = spawn(join(binaries, "postgres"), ["-D", clusterFolder(home), ...settings(home, options)], {
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

export const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/**
 * Waits until a child process serves connections, including a recovery of several minutes.
 * @returns false when it ended, when none of its processes has been active for 5 s, or when `isStopping` returns true
 */
export async function isServing(home: Home, child: ChildProcess, isStopping: () => boolean): Promise<boolean> {
  const activity = watchActivity(home);
  while (isAlive(child) && !isStopping()) {
    const found = await findPostmaster(home);
    if (found !== null && found.pid === child.pid && found.isReady) return true;
    if (activity().inactiveMs > STILL_AT_START_MS) return false;
    await pause(POLL_MS);
  }
  return false;
}
