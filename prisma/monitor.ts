import { setTimeout as pause } from "node:timers/promises";
import type pg from "pg";
import { createPool } from "./pool.ts";

const PROBE_MS = 1_000;
/** While the database is away, so that its return is noticed soon. */
const RETRY_MS = 500;
/** How long one probe may take, and how long it may wait for its connection. */
const TIMEOUT_MS = 800;

export type DatabaseState = {
  readonly isReachable: boolean;
  /** The database's clock in ms since 1970 at the moment `readAt`; null before it was read for the first time. */
  readonly databaseMs: number | null;
  /** `performance.now()` in the middle of the last probe that was answered. */
  readonly readAt: number;
  readonly error?: unknown;
};

/** Probes the database over connections of its own, so that a busy pool does not look like a database that is away. */
export type DatabaseMonitor = {
  /** A small pool with short timeouts, for readiness checks. */
  readonly pool: pg.Pool;
  /** The result of the latest probe. Callers that come while a probe runs share it; one takes at most about a second. */
  current(): Promise<DatabaseState>;
  /** Calls a listener after every probe. */
  onProbe(listener: (state: DatabaseState) => void): void;
  /** Probes now instead of with the next second, because a connection broke. */
  suspect(): void;
  close(): Promise<void>;
};

/** Starts to probe once a second. */
export function createMonitor(url: string): DatabaseMonitor {
  let state: DatabaseState = { isReachable: false, databaseMs: null, readAt: 0 };
  let probedAt = Number.NEGATIVE_INFINITY;
  let probing: Promise<DatabaseState> | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;
  const listeners: ((state: DatabaseState) => void)[] = [];
  const pool = createPool(url, { max: 2, queryTimeoutMs: TIMEOUT_MS, connectTimeoutMs: TIMEOUT_MS, onError: () => suspect() });

  async function read(): Promise<DatabaseState> {
    const startedAt = performance.now();
    const { rows } = await pool.query<{ ms: number }>("SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms");
    return { isReachable: true, databaseMs: rows[0]?.ms ?? null, readAt: (startedAt + performance.now()) / 2 };
  }

  async function measure(): Promise<DatabaseState> {
    // Connecting and asking have a timeout each; together they have one, too.
    const late = pause(TIMEOUT_MS, undefined, { ref: false }).then(() => Promise.reject(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    const found = await Promise.race([read(), late]).catch((error: unknown) => ({ ...state, isReachable: false, error }));
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
