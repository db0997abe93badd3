/**
 * The kind of a database error.
 * - `conflict`: the transaction was rolled back because of a concurrent one; it may succeed when it is retried
 * - `stale`: the connection's prepared statements no longer match the database; the statement succeeds on a new connection
 * - `busy`: the database or the connection pool is out of time, connections or space
 * - `unreachable`: there is no connection to the database
 */
export type DatabaseErrorKind = "conflict" | "stale" | "busy" | "unreachable";

export type DatabaseError = { readonly kind: DatabaseErrorKind; readonly code: string };

/** The `code` of the error that a pool throws when too many callers wait for a connection. */
export const POOL_FULL = "POOL_FULL";

/** The message of the error that a pool throws if no connection became free in time. The error has no code. */
const POOL_TIMEOUT = "timeout exceeded when trying to connect";

/**
 * PostgreSQL reports this under the code of all unsupported features: the tables changed after the statement was prepared, as they do
 * when a dump is restored or a newer version migrates them.
 */
const PLAN_CHANGED = /cached plan must not change result type/;

/** SQLSTATE classes and codes (PostgreSQL, appendix A), Prisma's codes, and Node's codes of socket errors. The first match counts. */
const KINDS: readonly (readonly [RegExp, DatabaseErrorKind])[] = [
  // Transaction rollbacks: serialization failure, deadlock; Prisma's name for both.
  [/^(40...|P2034)$/, "conflict"],
  // A prepared statement that does not exist, or exists already.
  [/^(26...|42P05)$/, "stale"],
  // Out of memory, disk or connections; read-only; lock_timeout; statement_timeout; timeouts of idle sessions and of transactions.
  [/^(53...|25006|55P03|57014|25P03|25P04|P1002|P1008|P2024|P2028|P2037|ETIMEDOUT|POOL_FULL)$/, "busy"],
  // Shutdown and recovery of the server, connections that broke, and logins that it rejects.
  [
    /^(08...|57...|28...|3D000|P1000|P1001|P1003|P1010|P1011|P1017|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/,
    "unreachable",
  ],
];

/** Errors of `pg` that have no code. */
const MESSAGES: readonly (readonly [RegExp, DatabaseErrorKind])[] = [
  [new RegExp(`${POOL_TIMEOUT}|Query read timeout`, "i"), "busy"],
  [
    /Connection terminated|Client has encountered a connection error|Client was closed|Cannot use a pool after calling end|^timeout expired$/i,
    "unreachable",
  ],
];

/** The kinds by which Prisma's driver adapter names errors that come without a SQLSTATE. */
const ADAPTER_KINDS: Readonly<Record<string, string>> = {
  DatabaseNotReachable: "P1001",
  ConnectionClosed: "P1017",
  SocketTimeout: "P1008",
  TlsConnectionError: "P1011",
};

/** The maximum depth at which causes are searched. */
const MAX_DEPTH = 5;

const kindIn = (list: typeof KINDS, code: string): DatabaseErrorKind | undefined => list.find(([pattern]) => pattern.test(code))?.[1];

const isText = (value: unknown): value is string => typeof value === "string";

/** An error of any library, or the plain object in which Prisma's driver adapter reports one. */
type Fault = {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly message?: unknown;
  readonly originalMessage?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
  readonly errors?: unknown;
};

/** Prisma writes the SQLSTATE into its message, too. */
const sqlStateIn = ({ code, message }: Fault): string | undefined =>
  (code === "P2010" || code === "P2039") && isText(message) ? /Code: `([0-9A-Z]{5})`/.exec(message)?.[1] : undefined;

/** Whether the socket file of a stopped database is missing. The same code from anywhere else means a missing file. */
const isMissingSocket = ({ code, syscall, message }: Fault): boolean =>
  code === "ENOENT" && (syscall === "connect" || (isText(message) && message.includes("connect ENOENT ")));

/** Classifies a single error, without its causes. */
function classify(fault: Fault): DatabaseError | undefined {
  const message = [fault.originalMessage, fault.message].find(isText) ?? "";
  const adapterCode = isText(fault.kind) ? ADAPTER_KINDS[fault.kind] : undefined;
  const codes = [fault.originalCode, adapterCode, isMissingSocket(fault) ? "P1001" : undefined, sqlStateIn(fault), fault.code];
  const known = codes.filter(isText);
  for (const code of known) {
    const kind = code === "0A000" && PLAN_CHANGED.test(message) ? "stale" : kindIn(KINDS, code);
    if (kind !== undefined) return { kind, code };
  }
  // A database message may quote user input, so messages are matched only if there is no code.
  if (known.length > 0) return undefined;
  for (const [pattern, kind] of MESSAGES) {
    const code = pattern.exec(message)?.[0];
    if (code !== undefined) return { kind, code };
  }
  return undefined;
}

const causesOf = ({ meta, cause, errors }: Fault): unknown[] => [
  meta?.driverAdapterError,
  cause,
  ...(Array.isArray(errors) ? (errors as unknown[]) : []),
];

/** Finds the innermost database error, which says more than the library errors that wrap it. */
function findDeepest(fault: unknown, depth: number): DatabaseError | undefined {
  if (typeof fault !== "object" || fault === null || depth > MAX_DEPTH) return undefined;
  for (const cause of causesOf(fault)) {
    const found = findDeepest(cause, depth + 1);
    if (found !== undefined) return found;
  }
  return classify(fault);
}

/**
 * Classifies errors of `pg`, its pool, pg-boss and Prisma that are unrelated to the request itself, also if they are the cause of another
 * error. Returns null for anything else.
 */
export const databaseErrorOf = (error: unknown): DatabaseError | null => findDeepest(error, 1) ?? null;

/** Whether the database rolled a transaction back because of a concurrent one. */
export const isConflict = (error: unknown): boolean => databaseErrorOf(error)?.kind === "conflict";

/** Whether a connection's prepared statements no longer match the database. No part of the statement was executed. */
export const isStale = (error: unknown): boolean => databaseErrorOf(error)?.kind === "stale";

/** Whether a call failed because the pool had no connection for it. */
export function isPoolExhausted(error: unknown): boolean {
  const code = databaseErrorOf(error)?.code ?? "";
  return code === POOL_FULL || code.includes(POOL_TIMEOUT);
}

const BUSY_REASONS: readonly (readonly [RegExp, string])[] = [
  [/^POOL_FULL$/, "the connection pool is exhausted: too many calls are waiting for a database connection"],
  [new RegExp(`${POOL_TIMEOUT}|^P2024$|^P2028$`, "i"), "the connection pool is exhausted: no database connection became free in time"],
  [/^(53300|P2037)$/, "the database has no connections left: raise its max_connections"],
  [/^53100$/, "the database's disk is full"],
  [/^53/, "the database is out of resources"],
  [/^25006$/, "the database is read-only"],
  [/^55P03$/, "a row stayed locked for too long"],
];

/** Describes a database error for operators, briefly and with a hint where to look. */
export function describeDatabaseError({ kind, code }: DatabaseError): string {
  if (kind === "unreachable") return "the database is unreachable";
  if (kind === "stale") return `the prepared statements of a connection are outdated (${code})`;
  if (kind === "conflict") return `the transaction was rolled back because of a concurrent one (${code})`;
  const reason = BUSY_REASONS.find(([pattern]) => pattern.test(code))?.[1] ?? "the database did not respond in time";
  return `${reason} (${code})`;
}
