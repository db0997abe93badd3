import { randomUUID } from "node:crypto";
import pg from "pg";

const TIMEOUT_MS = 3_000;

/**
 * Which of two connections runs the next transaction. A pooler in transaction mode assigns both connections servers from one set: the one
 * released last, the one idle for longest, or any. None of these strategies assigns each connection the same server throughout this order.
 */
const ORDER = [0, 1, 0, 0, 1, 1, 1, 0, 0, 1] as const;

/** The database is reached through a pooler that may assign a connection another server for each transaction. */
export class PoolingModeError extends Error {
  constructor() {
    super(
      "DATABASE_URL points to a connection pooler in transaction mode, which loses the prepared statements, settings and locks of a session; use a direct connection or session pooling (PgBouncer: pool_mode = session).",
    );
    this.name = "PoolingModeError";
  }
}

/** A connection with the marker that it has set in its session. */
type Marked = { readonly client: pg.Client; readonly mark: string; pid: number | null };

function newClient(url: string): Marked {
  const timeouts = { connectionTimeoutMillis: TIMEOUT_MS, query_timeout: TIMEOUT_MS };
  const client = new pg.Client({ connectionString: url, application_name: "chatroom", ...timeouts });
  // A broken connection also fails its queries.
  client.on("error", () => undefined);
  return { client, mark: randomUUID(), pid: null };
}

/** Whether a connection still has the server and the session that it started with. */
async function keepsSession(marked: Marked): Promise<boolean> {
  const { rows } = await marked.client.query<{ mark: string | null; pid: number }>(
    "SELECT current_setting('chatroom.session', true) AS mark, pg_backend_pid() AS pid",
  );
  marked.pid ??= rows[0]?.pid ?? null;
  return rows[0]?.mark === marked.mark && rows[0]?.pid === marked.pid;
}

/** Does the same for one connection while the other one has a transaction open, and therefore occupies a server. */
async function keepsSessionAlongside(marked: Marked, other: Marked): Promise<boolean> {
  await other.client.query("BEGIN");
  const keeps = (await keepsSession(marked)) && (await keepsSession(other));
  await other.client.query("COMMIT");
  return keeps;
}

async function haveSessions(both: readonly [Marked, Marked]): Promise<boolean> {
  for (const { client, mark } of both) await client.query(`SET chatroom.session = '${mark}'`);
  for (const index of ORDER) if (!(await keepsSession(both[index]))) return false;
  return (await keepsSessionAlongside(both[0], both[1])) && (await keepsSessionAlongside(both[1], both[0]));
}

/**
 * Checks that each connection to a database has its own session, from its first transaction to its last.
 * @throws PoolingModeError when transactions of one connection run in different sessions
 */
export async function requireSessions(url: string): Promise<void> {
  const both = [newClient(url), newClient(url)] as const;
  try {
    for (const { client } of both) await client.connect();
    if (!(await haveSessions(both))) throw new PoolingModeError();
  } finally {
    await Promise.all(both.map(({ client }) => client.end().catch(() => undefined)));
  }
}
