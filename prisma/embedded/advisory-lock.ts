import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { addressOf, type Passwords } from "./cluster.ts";

/** The advisory lock by which one server process owns the cluster. It is released when the process ends for any reason. */
const OWNER_LOCK = 72_707_370;
const TIMEOUT_MS = 2_000;
const POLL_MS = 100;

/** A connection that keeps the lock while it is open; `ended` resolves when the lock is lost. */
export type Ownership = { readonly client: pg.Client; readonly ended: Promise<void> };

/** A live process uses the database of this data folder. */
export class DatabaseInUseError extends Error {
  constructor(dataDir: string) {
    super(`Another server is running on the data folder ${dataDir}. Stop it first, or set DATA_DIR to a different folder.`);
    this.name = "DatabaseInUseError";
  }
}

/** Opens a connection as the cluster's administrator; null when the server does not answer. */
export async function connect(socketFolder: string, passwords: Passwords): Promise<pg.Client | null> {
  const connectionString = addressOf(socketFolder, { user: "postgres", password: passwords.admin, database: "postgres" });
  const client = new pg.Client({ connectionString, application_name: "chatroom owner", connectionTimeoutMillis: TIMEOUT_MS });
  client.on("error", () => undefined);
  return client.connect().then(
    () => client,
    () => null,
  );
}

const tryLock = async (client: pg.Client): Promise<boolean> => {
  const { rows } = await client.query<{ locked: boolean }>("SELECT pg_try_advisory_lock($1) AS locked", [OWNER_LOCK]);
  return rows[0]?.locked === true;
};

async function attempt(socketFolder: string, passwords: Passwords): Promise<Ownership | "locked" | "unreachable"> {
  const client = await connect(socketFolder, passwords);
  if (client === null) return "unreachable";
  const ended = new Promise<void>((resolve) => client.once("end", resolve));
  const isLocked = await tryLock(client).catch(() => null);
  if (isLocked === true) return { client, ended };
  await client.end().catch(() => undefined);
  return isLocked === null ? "unreachable" : "locked";
}

/**
 * Tries for two seconds to become the owner of a running cluster, because a process that was just killed may not have released the lock
 * yet. Returns "locked" when another process owns it, "unreachable" when the server does not answer.
 */
export async function becomeOwner(socketFolder: string, passwords: Passwords): Promise<Ownership | "locked" | "unreachable"> {
  const end = Date.now() + TIMEOUT_MS;
  for (;;) {
    const outcome = await attempt(socketFolder, passwords);
    if (outcome !== "locked" || Date.now() > end) return outcome;
    await pause(POLL_MS);
  }
}
