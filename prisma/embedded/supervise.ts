import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { becomeOwner } from "./owner.ts";
import { type Running, type Setting, takeOver } from "./server.ts";

const POLL_MS = 100;
const STOP_PATIENCE_MS = 30_000;
const RESTARTS_AT_MOST = 5;
const RESTARTS_WITHIN_MS = 60_000;

export type Ending = { readonly isExpected: boolean; readonly detail: string };

/** A server that is kept running until it is stopped. */
export type Supervised = {
  /** Resolves when it was stopped, or cannot be kept running. */
  readonly exited: Promise<Ending>;
  end(): Promise<void>;
};

const isAlive = (child: ChildProcess): boolean => child.exitCode === null && child.signalCode === null;

/** When a backend crashes PostgreSQL drops all connections, the owner's too: ours is opened anew while the server lives. */
async function keepOwning(setting: Setting, running: Running): Promise<void> {
  await running.ownership.ended;
  while (isAlive(running.child)) {
    await pause(POLL_MS);
    const ownership = await becomeOwner(setting.socketFolder, setting.passwords);
    if (typeof ownership === "string") continue;
    running.ownership = ownership;
    await ownership.ended;
  }
}

/** Resolves with what ended the server. */
async function endOf({ child }: Running): Promise<string> {
  if (isAlive(child)) await once(child, "exit");
  return child.signalCode ? `PostgreSQL was ended by ${child.signalCode}.` : `PostgreSQL ended with code ${child.exitCode}.`;
}

/** Tells whether one more restart is within reason. */
function restartBudget(): () => boolean {
  const moments: number[] = [];
  return () => {
    moments.push(Date.now());
    return moments.filter((moment) => moment > Date.now() - RESTARTS_WITHIN_MS).length <= RESTARTS_AT_MOST;
  };
}

/**
 * Keeps a server running at the same address: when PostgreSQL dies it is started again, five times a minute at most.
 * It is also ended when this process exits without having called `end`.
 */
export function supervise(setting: Setting, first: Running): Supervised {
  let running = first;
  let isStopping = false;
  const interrupt = () => running.child.kill("SIGINT");
  const mayRestart = restartBudget();

  const follow = async (): Promise<Ending> => {
    for (;;) {
      void keepOwning(setting, running);
      const detail = await endOf(running);
      if (isStopping) return { isExpected: true, detail };
      if (!mayRestart()) return { isExpected: false, detail: `${detail} It does so again and again.` };
      setting.onLog(`${detail} It is started again.`);
      running = await takeOver(setting);
      setting.onLog(`PostgreSQL runs again (pid ${running.child.pid}).`);
      if (isStopping) interrupt();
    }
  };

  process.once("exit", interrupt);
  const exited = follow()
    .catch((error: unknown): Ending => ({ isExpected: false, detail: String(error) }))
    .finally(() => process.off("exit", interrupt));

  const end = async () => {
    isStopping = true;
    interrupt();
    const last = setTimeout(() => running.child.kill("SIGQUIT"), STOP_PATIENCE_MS);
    await exited;
    clearTimeout(last);
  };
  return { exited, end };
}
