import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { createPool } from "./pool.ts";

const PROBE_MS = 1_000;
/** While the database is unreachable, so that its return is noticed soon. */
const RETRY_MS = 500;
/** How long one probe may take. */
const TIMEOUT_MS = 800;
/** The pool's timeout is longer than the probe's, so that only the probe decides when the database is unreachable. */
const POOL_TIMEOUT_MS = 2 * TIMEOUT_MS;

/** The last part of the timeout starts only when the first part is over, so that it remains even after a stall of this process. */
const GRACE_MS = 100;

export type DatabaseState = {
  readonly isReachable: boolean;
  /** The database's clock in ms since 1970 at the moment `readAt`; null before the first reading. */
  readonly databaseMs: number | null;
  /** `performance.now()` in the middle of the last answered probe. */
  readonly readAt: number;
  readonly error?: unknown;
};

/** Probes the database over its own connections, so that an exhausted pool does not look like an unreachable database. */
export type DatabaseMonitor = {
  /** A small pool with short timeouts, for readiness checks and the lock of the node. */
  readonly pool: pg.Pool;
  /** Returns the result of the latest probe. Concurrent callers share one probe, which takes at most about a second. */
  current(): Promise<DatabaseState>;
  /** Calls a listener after every probe. */
  onProbe(listener: (state: DatabaseState) => void): void;
  /** Probes now instead of at the next interval, because a connection broke. */
  suspect(): void;
  close(): Promise<void>;
};

/** Starts probing once a second. */
export function createMonitor(url: string): DatabaseMonitor {
  let state: DatabaseState = { isReachable: false, databaseMs: null, readAt: 0 };
  let probedAt = Number.NEGATIVE_INFINITY;
  let probing: Promise<DatabaseState> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listeners: ((state: DatabaseState) => void)[] = [];
  const pool = createPool(url, { max: 3, queryTimeoutMs: POOL_TIMEOUT_MS, connectTimeoutMs: POOL_TIMEOUT_MS, onError: () => suspect() });

  async function read(): Promise<DatabaseState> {
    const startedAt = performance.now();
    const { rows } = await pool.query<{ ms: number }>("SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms");
    return { isReachable: true, databaseMs: rows[0]?.ms ?? null, readAt: (startedAt + performance.now()) / 2 };
  }

  async function giveUp(signal: AbortSignal): Promise<never> {
    // After a stall of this process its timers fire before it reads the responses that have arrived meanwhile.
    for (const ms of [TIMEOUT_MS - GRACE_MS, GRACE_MS]) await pause(ms, undefined, { ref: false, signal });
    throw new Error(`timeout: no response within ${TIMEOUT_MS} ms`);
  }

  async function measure(): Promise<DatabaseState> {
    const answered = new AbortController();
    const found = await Promise.race([read(), giveUp(answered.signal)]).catch((error: unknown) => ({
      ...state,
      isReachable: false,
      error,
    }));
    answered.abort();
    if (isClosed) return state;
    state = found;
    probedAt = performance.now();
    for (const listener of listeners) listener(state);
    return state;
  }

  function probe(): Promise<DatabaseState> {
    clearTimeout(timer);
    probing ??= measure().finally(() => {
      probing = null;
      if (!isClosed) timer = setTimeout(() => void probe(), state.isReachable ? PROBE_MS : RETRY_MS).unref();
    });
    return probing;
  }

  function suspect(): void {
    if (!isClosed) void probe();
  }

  suspect();
  return {
    pool,
    current: async () => (isClosed || performance.now() - probedAt < PROBE_MS ? state : probe()),
    onProbe: (listener) => void listeners.push(listener),
    suspect,
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await probing;
      await pool.end();
    },
  };
}
