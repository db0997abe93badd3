/**
 * Why the database did not do what it was asked.
 * - `conflict`: it rolled the transaction back because of a concurrent one; the same transaction may succeed when it is run again
 * - `busy`: it, or the connection pool, is out of time, connections or space
 * - `unreachable`: there is no connection to it
 */
export type DatabaseErrorKind = "conflict" | "busy" | "unreachable";

export type DatabaseError = { readonly kind: DatabaseErrorKind; readonly code: string };

/** The `code` of the error that a pool throws when too many callers wait for a connection. */
export const POOL_FULL = "POOL_FULL";

/** SQLSTATE classes and codes (PostgreSQL, appendix A), Prisma's codes, and Node's codes of socket errors. The first match counts. */
const KINDS: readonly (readonly [RegExp, DatabaseErrorKind])[] = [
  // Serialization failure, deadlock; Prisma's name for both.
  [/^(40...|P2034)$/, "conflict"],
  // Out of memory, disk or connections; lock_timeout; statement_timeout; timeouts of idle sessions and of transactions.
  [/^(53...|55P03|57014|25P03|25P04|P1002|P1008|P2024|P2028|P2037|ETIMEDOUT|POOL_FULL)$/, "busy"],
  // Shutdown and recovery of the server, and connections that broke.
  [/^(08...|57...|P1001|P1017|ECONNREFUSED|ECONNRESET|ENOTFOUND|EPIPE|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN)$/, "unreachable"],
];

/** Errors of `pg` that have no code. */
const MESSAGES: readonly (readonly [RegExp, DatabaseErrorKind])[] = [
  [/timeout exceeded when trying to connect|Query read timeout/i, "busy"],
  [/Connection terminated|Client has encountered a connection error|Client was closed/i, "unreachable"],
];

const kindIn = (list: typeof KINDS, text: string): DatabaseErrorKind | undefined => list.find(([pattern]) => pattern.test(text))?.[1];

type Cause = { originalCode?: unknown; code?: unknown; kind?: unknown };

/** Prisma keeps what its driver reported in the error's `meta`. */
function driverCause(error: object): Cause | undefined {
  const { meta } = error as { meta?: { driverAdapterError?: { cause?: Cause } } };
  return meta?.driverAdapterError?.cause;
}

const isText = (value: unknown): value is string => typeof value === "string";

/** The socket file of a database that was stopped is missing. The same code from anywhere else is a missing file. */
const isMissingSocket = ({ code, syscall }: { code?: unknown; syscall?: unknown }): boolean => code === "ENOENT" && syscall === "connect";

/** The codes of an error, the database's own before those of the libraries. */
function codesOf(error: object): string[] {
  const cause = driverCause(error);
  const isCut = cause?.kind === "DatabaseNotReachable" || cause?.kind === "ConnectionClosed" || isMissingSocket(error);
  return [cause?.originalCode, cause?.code, isCut ? "P1001" : undefined, (error as { code?: unknown }).code].filter(isText);
}

/** Recognizes errors of `pg`, of its pool and of Prisma that say nothing about the request itself. Returns null for any other error. */
export function databaseErrorOf(error: unknown): DatabaseError | null {
  if (!(error instanceof Error)) return null;
  for (const code of codesOf(error)) {
    const kind = kindIn(KINDS, code);
    if (kind !== undefined) return { kind, code };
  }
  const kind = kindIn(MESSAGES, error.message);
  return kind === undefined ? null : { kind, code: error.message.slice(0, 80) };
}

/** Whether the database rolled a transaction back because of a concurrent one. */
export const isConflict = (error: unknown): boolean => databaseErrorOf(error)?.kind === "conflict";
