import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { becomeOwner } from "./advisory-lock.ts";
import { findPostmaster, isAlive } from "./postmaster.ts";
import { type Running, type Setting, takeOver } from "./server.ts";
import { endCluster, FROM_FAST } from "./shutdown.ts";

const POLL_MS = 100;
const WATCH_MS = 1_000;
const RESTARTS_AT_MOST = 5;
const RESTARTS_WITHIN_MS = 60_000;

export type Ending = { readonly isExpected: boolean; readonly detail: string };

/** A server that is kept running until it is stopped. */
export type Supervised = {
  /** Resolves when it was stopped, or cannot be kept running. */
  readonly exited: Promise<Ending>;
  end(): Promise<void>;
};

/** Reconnects the owner connection while the server lives: when a backend crashes, PostgreSQL drops all connections, including ours. */
async function keepOwning(setting: Setting, running: Running): Promise<void> {
  await running.ownership.ended;
  while (isAlive(running.child) && !setting.stopping.aborted) {
    await pause(POLL_MS);
    const ownership = await becomeOwner(setting.socketFolder, setting.passwords);
    if (typeof ownership === "string") continue;
    running.ownership = ownership;
    await ownership.ended;
  }
}

/**
 * Finishes a shutdown that another process requested, so that a restart can follow. It might never end: a smart shutdown waits for our own
 * connections, and a fast one hangs when it begins during crash recovery.
 */
async function finishShutdown({ home, stopping, onLog }: Setting, { child }: Running): Promise<void> {
  while (isAlive(child) && !stopping.aborted) {
    await pause(WATCH_MS, undefined, { ref: false });
    const found = await findPostmaster(home);
    if (found?.pid !== child.pid || !found?.isStopping || !isAlive(child) || stopping.aborted) continue;
    onLog(`PostgreSQL (pid ${found.pid}) is shutting down. Closing its connections.`);
    await endCluster(home, FROM_FAST);
  }
}

/** Resolves with the reason why the server ended. */
async function endOf({ child }: Running): Promise<string> {
  if (isAlive(child)) await once(child, "exit");
  return child.signalCode ? `PostgreSQL was terminated by ${child.signalCode}.` : `PostgreSQL exited with code ${child.exitCode}.`;
}

/** Returns a function that returns whether another restart is within the limit. */
function restartBudget(): () => boolean {
  const restartTimes: number[] = [];
  return () => {
    restartTimes.push(Date.now());
    return restartTimes.filter((moment) => moment > Date.now() - RESTARTS_WITHIN_MS).length <= RESTARTS_AT_MOST;
  };
}

/** Keeps a server running at the same address: restarts PostgreSQL when it dies, at most five times a minute. */
export function supervise(setting: Setting, first: Running): Supervised {
  const { home, stopping, onLog } = setting;
  const mayRestart = restartBudget();

  const run = async (): Promise<Ending> => {
    for (let running = first; ; ) {
      void keepOwning(setting, running);
      void finishShutdown(setting, running).catch((error: unknown) => onLog(`PostgreSQL could not be stopped: ${String(error)}`));
      const detail = await endOf(running);
      if (stopping.aborted) return { isExpected: true, detail };
      if (!mayRestart()) return { isExpected: false, detail: `${detail} It was restarted too often within a minute.` };
      onLog(`${detail} Restarting it.`);
      running = await takeOver(setting);
      onLog(`PostgreSQL is running again (pid ${running.child.pid}).`);
      if (stopping.aborted) await endCluster(home, FROM_FAST);
    }
  };
  const exited = run().catch((error: unknown): Ending => ({ isExpected: stopping.aborted, detail: String(error) }));

  const end = async (): Promise<void> => {
    // A restart in progress ends its own server as soon as it sees that `stopping` is aborted.
    if (await endCluster(home, FROM_FAST)) await exited;
    else onLog("Some PostgreSQL processes cannot be terminated.");
  };
  return { exited, end };
}
