import { statSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { clusterFolder } from "./cluster.ts";
import type { Home } from "./data-dir.ts";
import { findProcesses, type ProcessInfo, sendSignal } from "./processes.ts";

/**
 * One step of a shutdown: SIGINT is PostgreSQL's fast shutdown, SIGQUIT its immediate one, SIGKILL ends every process of the cluster. No
 * step loses a commit: after the last two, the next start recovers from the write-ahead log.
 */
type Step = { readonly signal: "SIGINT" | "SIGQUIT" | "SIGKILL"; readonly withinMs: number };

const KILL: Step = { signal: "SIGKILL", withinMs: 1_000 };
const QUIT: Step = { signal: "SIGQUIT", withinMs: 2_000 };

/** The steps of a shutdown, the gentlest first: at most 8 s in total. */
export const FROM_FAST: readonly Step[] = [{ signal: "SIGINT", withinMs: 5_000 }, QUIT, KILL];
/** The steps for a server that was already asked to stop, or does not answer. */
export const FROM_IMMEDIATE: readonly Step[] = [QUIT, KILL];

/** The steps for an `exit` handler: it blocks, and must finish before the process is killed. */
export const AT_EXIT: readonly Step[] = [
  { signal: "SIGINT", withinMs: 250 },
  { signal: "SIGQUIT", withinMs: 100 },
];
/** The same after a shutdown that has already begun and took too long. */
export const AT_LATE_EXIT: readonly Step[] = [
  { signal: "SIGQUIT", withinMs: 200 },
  { signal: "SIGKILL", withinMs: 50 },
];

/** PostgreSQL 18 can hang forever in a fast shutdown that begins during crash recovery; all its processes sleep then. */
const STILL_MS = 2_000;
const POLL_MS = 50;
const SCAN_MS = 200;
const EXIT_POLL_MS = 20;
/** Backends notice within milliseconds that their server has died, unless they are suspended or busy computing. */
const LEFTOVER_MS = 2_000;

/**
 * Returns the name under which all processes of a cluster appear in a process list. It identifies the folder itself rather than its path,
 * so that equal paths in two containers are not confused. Null when there is no cluster yet.
 */
export function clusterName(home: Home): string | null {
  const folder = statSync(clusterFolder(home), { throwIfNoEntry: false });
  return folder === undefined ? null : `chatroom-${folder.dev}-${folder.ino}`;
}

/** Whether a command line is that of a server on this cluster, rather than of one of its backends. */
export const isServerCommand = (command: string, cluster: string): boolean => command.includes(`postgres -D ${cluster} `);

/** Returns all live processes of the cluster: servers, their backends, and backends whose server has died. */
export function clusterProcesses(home: Home): ProcessInfo[] {
  const name = clusterName(home);
  const cluster = clusterFolder(home);
  if (name === null) return [];
  return findProcesses((command) => command.startsWith(`postgres: ${name}: `) || isServerCommand(command, cluster));
}

/** Resumes suspended processes of the cluster. */
export function resumeCluster(home: Home): void {
  for (const one of clusterProcesses(home)) sendSignal(one, "SIGCONT");
}

export type Activity = { readonly isEnded: boolean; readonly inactiveMs: number };

/**
 * Watches the processes of a cluster. Each call returns whether all have ended, and for how long none has been active: none was
 * running or waiting for a disk, used CPU time, started or ended. Reads the process list at most five times a second.
 */
export function watchActivity(home: Home): () => Activity {
  let previous = "";
  let isEnded = false;
  let changedAt = performance.now();
  let scannedAt = Number.NEGATIVE_INFINITY;
  return () => {
    const now = performance.now();
    if (now - scannedAt >= SCAN_MS) {
      const processes = clusterProcesses(home);
      const found = processes.map(({ pid, cpuTime }) => `${pid} ${cpuTime}`).join();
      if (found !== previous || processes.some(({ isBusy }) => isBusy)) changedAt = now;
      previous = found;
      isEnded = processes.length === 0;
      scannedAt = now;
    }
    return { isEnded, inactiveMs: now - changedAt };
  };
}

/**
 * Signals only the server, because its backends follow it; SIGKILL goes to all. A suspended process handles its signal only after it is
 * resumed.
 */
function signalCluster(home: Home, signal: Step["signal"]): void {
  const processes = clusterProcesses(home);
  const servers = processes.filter(({ command }) => isServerCommand(command, clusterFolder(home)));
  for (const one of signal === "SIGKILL" ? [...servers, ...processes] : servers) sendSignal(one, signal);
  for (const one of processes) sendSignal(one, "SIGCONT");
}

async function hasEndedWithin(home: Home, withinMs: number): Promise<boolean> {
  const end = performance.now() + withinMs;
  const activity = watchActivity(home);
  for (;;) {
    const { isEnded, inactiveMs } = activity();
    if (isEnded) return true;
    if (inactiveMs > STILL_MS || performance.now() > end) return false;
    await pause(POLL_MS);
  }
}

const hasServer = (home: Home): boolean => clusterProcesses(home).some(({ command }) => isServerCommand(command, clusterFolder(home)));

/**
 * Ends all processes of a cluster step by step: the next step follows when one takes too long, or when no process is active.
 * @returns false when some process cannot be ended even by SIGKILL
 */
export async function endCluster(home: Home, steps: readonly Step[]): Promise<boolean> {
  if (!hasServer(home) && (await hasEndedWithin(home, LEFTOVER_MS))) return true;
  for (const { signal, withinMs } of hasServer(home) ? steps : [KILL]) {
    signalCluster(home, signal);
    if (await hasEndedWithin(home, withinMs)) return true;
  }
  return false;
}

const sleepSync = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

/** Does the same in an `exit` handler, which cannot await: blocks until the processes have ended or the steps are exhausted. */
export function endClusterNow(home: Home, steps: readonly Step[]): void {
  for (const { signal, withinMs } of steps) {
    signalCluster(home, signal);
    for (const end = performance.now() + withinMs; performance.now() < end; sleepSync(EXIT_POLL_MS))
      if (clusterProcesses(home).length === 0) return;
  }
}
