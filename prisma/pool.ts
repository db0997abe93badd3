import pg from "pg";
import { POOL_FULL } from "../utils/database-errors.ts";

const INT8 = 20;

/** How long a caller waits for a connection, unless the pool is given another time. */
export const CONNECT_TIMEOUT_MS = 3_000;

/** How long a statement waits for a lock of another transaction, in a pool with a query timeout. */
const LOCK_TIMEOUT_MS = 2_000;

/** The server cancels a statement this much earlier than the client gives it up, so that its transaction can still be rolled back. */
const SERVER_LEAD_MS = 200;

/** A transaction whose owner does nothing for this long is ended, so that its locks do not outlive a stalled caller. */
const IDLE_IN_TRANSACTION_MS = 10_000;

const MOST_WAITING = 10_000;

export type PoolOptions = {
  /** Connections at most; 10 unless told. */
  readonly max?: number;
  /** How long one query may take before the server cancels it and the caller gets an error; unbounded unless told. */
  readonly queryTimeoutMs?: number;
  /** How long a caller waits for a connection; 3 s unless told. */
  readonly connectTimeoutMs?: number;
  /** How many callers may wait for a connection; 10,000 unless told. */
  readonly mostWaiting?: number;
  /** Receives the errors of connections that broke, idle or in use; without a listener such an error would end the process. */
  readonly onError: (error: Error) => void;
};

function typesOfThisPool(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  return types;
}

/**
 * A prepared statement keeps its plan. One made while a table was small would read all of it, and go on doing so while
 * the table grows by a million rows, until the next ANALYZE; so plans use the indexes from the beginning. Without that
 * choice PostgreSQL would compile some small queries just in time, for many times their own cost.
 */
const PLANNER = "-c enable_seqscan=off -c jit=off";

/** Startup options: the server enforces the timeouts too, so that a query the client gave up on does not keep running. */
function startupOptions({ queryTimeoutMs }: PoolOptions): string {
  if (queryTimeoutMs === undefined) return PLANNER;
  const statementMs = Math.max(1, queryTimeoutMs - SERVER_LEAD_MS);
  const timeouts = {
    statement_timeout: statementMs,
    lock_timeout: Math.min(LOCK_TIMEOUT_MS, Math.ceil(statementMs / 2)),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
  return [PLANNER, ...Object.entries(timeouts).map(([name, ms]) => `-c ${name}=${ms}`)].join(" ");
}

type ConnectCallback = (error: Error | undefined, client: pg.PoolClient | undefined, done: (release?: unknown) => void) => void;

/** A pool whose queue of waiting callers is bounded. `query` takes its connection by `connect`, too. */
class BoundedPool extends pg.Pool {
  readonly mostWaiting: number;

  constructor(config: pg.PoolConfig, mostWaiting: number) {
    super(config);
    this.mostWaiting = mostWaiting;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    if (this.waitingCount >= this.mostWaiting) {
      const error = Object.assign(new Error("Too many callers wait for a database connection."), { code: POOL_FULL });
      if (callback === undefined) return Promise.reject(error);
      process.nextTick(callback, error, undefined, () => undefined);
      return undefined;
    }
    if (callback === undefined) return super.connect();
    super.connect(callback);
    return undefined;
  }
}

/**
 * Opens a pool on a database. 64-bit integers arrive as numbers: ours are counters far below 2^53. Callers wait for a connection
 * for a bounded time, in a queue of bounded length. Whoever opens the pool ends it.
 */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const config: pg.PoolConfig = {
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    application_name: "chatroom",
    options: startupOptions(options),
    ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
    keepAlive: true,
    types: typesOfThisPool(),
  };
  const pool = new BoundedPool(config, options.mostWaiting ?? MOST_WAITING);
  pool.on("error", options.onError);
  pool.on("connect", (client) => client.on("error", options.onError));
  return pool;
}
