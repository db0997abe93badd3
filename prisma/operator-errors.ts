import { ConfigError } from "../utils/config.ts";
import { type DatabaseError, databaseErrorOf, describeDatabaseError } from "../utils/database-errors.ts";
import { DatabaseInUseError } from "./embedded.ts";
import { MigrationError } from "./migrate.ts";
import { ServersRunningError } from "./node-lock.ts";
import { PoolingModeError } from "./pooling.ts";

/** The exit code for an invalid configuration (EX_CONFIG of sysexits). */
const CONFIG = 78;

export type OperatorError = { readonly message: string; readonly exitCode: number };

/**
 * Returns the text of an error. If a host name has several addresses, each fails separately, and the aggregate error has no useful text.
 */
function textOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return textOf(error.errors[0]);
  const text = error instanceof Error ? error.message : String(error);
  return text.trim().split("\n").at(-1) ?? "";
}

const toSentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1).replace(/\.$/, "")}.`;

const describe = (fault: DatabaseError, error: unknown): string =>
  toSentence(
    fault.kind === "unreachable" ? `The database cannot be reached: ${textOf(error)}` : `${describeDatabaseError(fault)}: ${textOf(error)}`,
  );

const isCode = (error: unknown, code: string): boolean => error instanceof Error && (error as { code?: unknown }).code === code;

/** Whether an error or its cause has PostgreSQL's code for insufficient privileges. */
const lacksPrivilege = (error: unknown): boolean =>
  isCode(error, "42501") || (error instanceof Error && error.cause !== undefined && lacksPrivilege(error.cause));

/**
 * Describes an error that an operator can fix, in one sentence without a stack, with the exit code of the process. Returns null for a bug.
 */
export function operatorErrorOf(error: unknown): OperatorError | null {
  if (error instanceof ConfigError || error instanceof PoolingModeError) return { message: error.message, exitCode: CONFIG };
  if (error instanceof DatabaseInUseError || error instanceof ServersRunningError) return { message: error.message, exitCode: 1 };
  if (lacksPrivilege(error)) {
    const message = `The role in DATABASE_URL must own its database, because the server creates tables: ${textOf(error)}`;
    return { message: toSentence(message), exitCode: 1 };
  }
  if (isCode(error, "EADDRINUSE"))
    return { message: toSentence(`The port of this server is already in use: ${textOf(error)}`), exitCode: 1 };
  const fault = databaseErrorOf(error);
  if (fault !== null) return { message: describe(fault, error), exitCode: 1 };
  return error instanceof MigrationError ? { message: error.message, exitCode: 1 } : null;
}
