import pg from "pg";
import { POOL_FULL } from "../utils/database-errors.ts";
import { retryStaleQueries } from "./stale-statements.ts";

const INT8 = 20;

/** How long a caller waits for a connection, unless the pool sets another timeout. */
export const CONNECT_TIMEOUT_MS = 3_000;

/** How long a statement waits for a lock of another transaction, in a pool with a query timeout. */
const LOCK_TIMEOUT_MS = 2_000;

/** The server cancels a statement this much earlier than the client times out, so that its transaction can still be rolled back. */
const SERVER_MARGIN_MS = 200;

/** The server ends a transaction that is idle for this long, so that its locks do not outlive a stalled caller. */
const IDLE_IN_TRANSACTION_MS = 10_000;

const MOST_WAITING = 10_000;

export type PoolOptions = {
  /** The maximum number of connections; 10 by default. */
  readonly max?: number;
  /** How long one query may take before the server cancels it and the caller gets an error; unlimited by default. */
  readonly queryTimeoutMs?: number;
  /** How long a caller waits for a connection; 3 s by default. */
  readonly connectTimeoutMs?: number;
  /** How many callers may wait for a connection; 10,000 by default. */
  readonly mostWaiting?: number;
  /** Receives the errors of broken connections, idle or in use; without a listener such an error would end the process. */
  readonly onError: (error: Error) => void;
};

function typesOfThisPool(): pg.TypeOverrides {
  const types = new pg.TypeOverrides();
  types.setTypeParser(INT8, Number);
  return types;
}

/**
 * Planner settings of every session. A prepared statement keeps its plan. A plan made while a table was small would scan the whole table,
 * and continue to do so while the table grows by a million rows, until the next ANALYZE; so plans use the indexes from the beginning. With
 * sequential scans disabled, PostgreSQL would JIT-compile some small queries at many times their own cost, so JIT is off.
 */
const PLANNER = { enable_seqscan: "off", jit: "off" } as const;

/**
 * Returns the settings of a session: the server enforces the timeouts too, so that a query does not keep running after the client timed
 * out.
 */
function sessionSettings({ queryTimeoutMs }: PoolOptions): Readonly<Record<string, string | number>> {
  if (queryTimeoutMs === undefined) return PLANNER;
  const statementMs = Math.max(1, queryTimeoutMs - SERVER_MARGIN_MS);
  const timeouts = {
    statement_timeout: statementMs,
    lock_timeout: Math.min(LOCK_TIMEOUT_MS, Math.ceil(statementMs / 2)),
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  };
  return { ...PLANNER, ...timeouts };
}

/**
 * Builds the statement with the settings of a new connection. A pooler rejects or silently ignores startup options, but forwards a
 * statement.
 */
function settingsStatement(options: PoolOptions): pg.QueryConfig & { readonly query_timeout: number } {
  const text = Object.entries(sessionSettings(options))
    .map(([name, value]) => `SET ${name} = ${value}`)
    .join("; ");
  return { text, query_timeout: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS };
}

type ConnectCallback = (error: Error | undefined, client: pg.PoolClient | undefined, done: (release?: unknown) => void) => void;

type Listener = PoolOptions["onError"];

/** One of five connections of a pool is reserved if requested: 4 of the server's 20. */
const RESERVED_SHARE = 5;

/** A pool with a bounded queue of waiting callers. `query` also takes its connection through `connect`. */
class BoundedPool extends pg.Pool {
  readonly mostWaiting: number;
  private readonly config: pg.PoolConfig;
  private readonly onError: Listener;
  private reservedPool: BoundedPool | undefined;

  constructor(config: pg.PoolConfig, mostWaiting: number, onError: Listener) {
    super(config);
    this.config = config;
    this.mostWaiting = mostWaiting;
    this.onError = onError;
    this.on("error", onError);
    this.on("connect", (client) => client.on("error", onError));
    retryStaleQueries(this);
  }

  /** Moves connections of this pool to a reserved pool when first called. The reserved pool ends together with this one. */
  reserved(): pg.Pool {
    if (this.reservedPool !== undefined) return this.reservedPool;
    const { max = 10 } = this.config;
    const reserved = Math.max(1, Math.floor(max / RESERVED_SHARE));
    this.options.max = Math.max(1, max - reserved);
    this.reservedPool = new BoundedPool({ ...this.config, max: reserved }, this.mostWaiting, this.onError);
    return this.reservedPool;
  }

  override end(): Promise<void>;
  override end(callback: () => void): void;
  override end(callback?: () => void): Promise<void> | undefined {
    const ended = Promise.all([super.end(), this.reservedPool?.end()]).then(() => undefined);
    if (callback === undefined) return ended;
    void ended.then(callback);
    return undefined;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    if (this.waitingCount >= this.mostWaiting) {
      const error = Object.assign(new Error("Too many callers are waiting for a database connection."), { code: POOL_FULL });
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
 * Opens a pool on a database. 64-bit integers are parsed as numbers: ours are counters far below 2^53. Callers wait for a connection for a
 * bounded time, in a queue of bounded length. The caller must end the pool.
 */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const settings = settingsStatement(options);
  const config: pg.PoolConfig = {
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: options.connectTimeoutMs ?? CONNECT_TIMEOUT_MS,
    application_name: "chatroom",
    // The pool awaits the promise, although its types do not declare that.
    onConnect: ((client) => client.query(settings)) as (client: pg.ClientBase) => void,
    ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
    keepAlive: true,
    types: typesOfThisPool(),
  };
  return new BoundedPool(config, options.mostWaiting ?? MOST_WAITING, options.onError);
}

/**
 * Returns the reserved connections of a pool, a fifth of its `max`: for short queries that must be answered while all other connections
 * are in use. Both together have at most `max` connections. They have the same timeouts, and end with the pool.
 * @throws Error for a pool that `createPool` did not create
 */
export function reservedPoolOf(pool: pg.Pool): pg.Pool {
  if (!(pool instanceof BoundedPool)) throw new Error("Only a pool created by createPool has reserved connections.");
  return pool.reserved();
}
