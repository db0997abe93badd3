import type pg from "pg";
import type { DatabaseMonitor } from "./monitor.ts";

/** The advisory lock that all running servers share. A command that requires stopped servers takes it exclusively. */
const NODE_LOCK = 72_707_372;

/** How often a starting server tries to take the lock, each time for less than a second, while a command briefly uses it. */
const START_ATTEMPTS = 8;

/** A command requires every server of this database to be stopped. */
export class ServersRunningError extends Error {
  constructor() {
    super("A server is running on this database; stop every server first, then run this command again.");
    this.name = "ServersRunningError";
  }
}

/** The lock of one running server, which ends with its process. */
export type NodeLock = { release(): void };

/**
 * Shows other processes that a server runs on this database, using a connection of the monitor's pool. A broken connection is replaced at
 * the next successful probe.
 * @throws Error of the database when the lock cannot be taken
 */
export async function acquireNodeLock(monitor: DatabaseMonitor): Promise<NodeLock> {
  let lockClient: pg.PoolClient | null = null;
  let isTaking = false;
  let isReleased = false;

  async function take(): Promise<void> {
    const client = await monitor.pool.connect();
    try {
      await client.query("SELECT pg_advisory_lock_shared($1)", [NODE_LOCK]);
    } catch (error) {
      client.release(true);
      throw error;
    }
    if (isReleased) return client.release(true);
    lockClient = client;
    client.once("end", () => {
      if (lockClient === client) dropLock();
    });
  }

  function dropLock(): void {
    lockClient?.release(true);
    lockClient = null;
  }

  for (let attempt = 1; lockClient === null; attempt += 1) {
    await take().catch((error: unknown) => {
      if (attempt === START_ATTEMPTS) throw error;
    });
  }
  monitor.onProbe(({ isReachable }) => {
    if (!isReachable || lockClient !== null || isTaking || isReleased) return;
    isTaking = true;
    void take()
      .catch(() => undefined)
      .finally(() => {
        isTaking = false;
      });
  });
  return {
    release() {
      isReleased = true;
      dropLock();
    },
  };
}

/**
 * Runs work while no server runs on a database, and makes servers that start meanwhile wait. The pool needs a second connection for the
 * work itself.
 * @throws ServersRunningError when a server runs
 */
export async function withServersStopped<Result>(pool: pg.Pool, work: () => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ isExclusive: boolean }>('SELECT pg_try_advisory_lock($1) AS "isExclusive"', [NODE_LOCK]);
    if (rows[0]?.isExclusive !== true) throw new ServersRunningError();
    return await work();
  } finally {
    // The lock ends with its connection.
    client.release(true);
  }
}
