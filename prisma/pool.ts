import pg from "pg";

const INT8 = 20;
const CONNECT_TIMEOUT_MS = 3_000;

export type PoolOptions = {
  /** Connections at most; 10 unless told. */
  readonly max?: number;
  /** How long one query may take before it fails; unbounded unless told. */
  readonly queryTimeoutMs?: number;
  /** Hears of connections that broke, idle or in use; without a listener such an error would end the process. */
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

/**
 * Opens a pool on a database. 64-bit integers arrive as numbers: ours are counters far below 2^53.
 * A caller waits at most 3 s for a connection. Whoever opens the pool ends it.
 */
export function createPool(url: string, options: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    application_name: "chatroom",
    options: PLANNER,
    ...(options.queryTimeoutMs !== undefined && { query_timeout: options.queryTimeoutMs }),
    keepAlive: true,
    types: typesOfThisPool(),
  });
  pool.on("error", options.onError);
  pool.on("connect", (client) => client.on("error", options.onError));
  return pool;
}
