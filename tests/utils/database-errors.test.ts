import { expect, it } from "vitest";
import { databaseErrorOf, describeDatabaseError, isConflict, isStale } from "../../utils/database-errors.ts";
import { AppError } from "../../utils/errors.ts";

const withCode = (code: string): Error => Object.assign(new Error("a message"), { code });

/** Builds the error that Prisma throws for an error of its driver. */
const byPrisma = (code: string, cause: object): Error =>
  Object.assign(withCode(code), { meta: { modelName: "User", driverAdapterError: { name: "DriverAdapterError", cause } } });

it.each([
  ["conflict", ["40001", "40P01", "40003", "P2034"]],
  ["stale", ["26000", "42P05"]],
  [
    "busy",
    ["53100", "53200", "53300", "55P03", "57014", "25P03", "P1002", "P1008", "P2024", "P2028", "P2037", "25006", "ETIMEDOUT", "POOL_FULL"],
  ],
  ["unreachable", ["08000", "08006", "57P01", "57P02", "57P03", "28P01", "3D000", "P1001", "P1017", "ECONNREFUSED", "ECONNRESET", "EPIPE"]],
] as const)("errors that mean %s are recognized by their code", (kind, codes) => {
  expect(codes.map((code) => databaseErrorOf(withCode(code)))).toEqual(codes.map((code) => ({ kind, code })));
});

/** Builds the error that the driver adapter throws while a transaction begins or ends; Prisma rethrows it unchanged. */
const byAdapter = (cause: object): Error => Object.assign(new Error("a message", { cause }), { name: "DriverAdapterError" });

const PLAN = "cached plan must not change result type";

it.each([
  ["55P03 of a model's query", byPrisma("P2039", { originalCode: "55P03", kind: "postgres", code: "55P03" }), "busy"],
  ["57014 of a raw query", byPrisma("P2010", { originalCode: "57014", kind: "postgres", code: "57014" }), "busy"],
  ["a deadlock of a raw query", byPrisma("P2010", { originalCode: "40P01", kind: "TransactionWriteConflict" }), "conflict"],
  ["too many connections", byPrisma("P2010", { originalCode: "53300", kind: "TooManyConnections" }), "busy"],
  ["a server that refuses connections", byPrisma("P2010", { kind: "DatabaseNotReachable", host: "127.0.0.1", port: 1 }), "unreachable"],
  [
    "a shutdown that shows in the message of a model's query alone",
    Object.assign(new Error("Database error. Code: `57P03`."), { code: "P2039" }),
    "unreachable",
  ],
  [
    "a shutdown that shows in the message of a raw query alone",
    Object.assign(new Error("Raw query failed. Code: `57P01`."), { code: "P2010" }),
    "unreachable",
  ],
  ["a connection that was ended at the commit", byAdapter({ originalCode: "57P01", kind: "postgres", code: "57P01" }), "unreachable"],
  ["a deadlock at the commit", byAdapter({ originalCode: "40P01", kind: "TransactionWriteConflict" }), "conflict"],
  [
    "a missing socket file, of a model's query",
    Object.assign(new Error("Invalid invocation:\n\nconnect ENOENT /tmp/.s.PGSQL.5432"), { code: "ENOENT" }),
    "unreachable",
  ],
  [
    "a refused connection to each of several addresses",
    new AggregateError([withCode("ECONNREFUSED"), withCode("ECONNREFUSED")]),
    "unreachable",
  ],
  ["a shutdown as the cause of another error", new Error("could not be read", { cause: withCode("57P03") }), "unreachable"],
  ["a shutdown as the cause of an answer", new AppError("unavailable", {}, { cause: withCode("57P03") }), "unreachable"],
  ["a plan for tables that changed", Object.assign(new Error(PLAN), { code: "0A000" }), "stale"],
  [
    "a raw query's plan for tables that changed",
    byPrisma("P2010", { originalCode: "0A000", originalMessage: PLAN, kind: "postgres", code: "0A000" }),
    "stale",
  ],
  ["a connection of the job queue that broke", { message: "Connection terminated unexpectedly (Queue: a, Worker: b)" }, "unreachable"],
  ["a pool that has been closed", new Error("Cannot use a pool after calling end on the pool"), "unreachable"],
  ["the pool's timeout", new Error("timeout exceeded when trying to connect"), "busy"],
  ["the driver's timeout", new Error("Query read timeout"), "busy"],
  ["a connection that broke", new Error("Connection terminated unexpectedly"), "unreachable"],
  ["a missing socket file", Object.assign(withCode("ENOENT"), { syscall: "connect" }), "unreachable"],
] as const)("%s is recognized", (_what, error, kind) => {
  expect(databaseErrorOf(error)?.kind).toBe(kind);
  expect(isConflict(error)).toBe(kind === "conflict");
  expect(isStale(error)).toBe(kind === "stale");
});

it.each([
  ["a unique violation", byPrisma("P2002", { originalCode: "23505", kind: "UniqueConstraintViolation" })],
  ["a syntax error", byPrisma("P2010", { originalCode: "42601", kind: "postgres", code: "42601" })],
  ["an aborted transaction that was used again", byPrisma("P2039", { originalCode: "25P02", kind: "postgres", code: "25P02" })],
  ["a feature that PostgreSQL does not have", Object.assign(new Error("cannot do this"), { code: "0A000" })],
  [
    "a quoted text that reads like an error",
    Object.assign(new Error('invalid input syntax for type uuid: "Connection terminated"'), { code: "22P02" }),
  ],
  ["a SQLSTATE that stands in a text", new Error("Code: `57P03`")],
  ["a missing file", Object.assign(withCode("ENOENT"), { syscall: "open" })],
  ["an error of the application", new AppError("unavailable")],
  ["a text", "57014"],
  ["nothing", undefined],
])("%s is not recognized", (_what, error) => {
  expect(databaseErrorOf(error)).toBeNull();
});

it.each([
  ["a full queue of the pool", withCode("POOL_FULL"), /connection pool is exhausted/],
  ["a pool without a free connection", new Error("timeout exceeded when trying to connect"), /connection pool is exhausted/],
  ["too many connections", withCode("53300"), /max_connections/],
  ["a full disk", withCode("53100"), /disk is full/],
  ["a row that stays locked", withCode("55P03"), /locked/],
  ["a query that takes too long", withCode("57014"), /did not respond in time/],
  ["a refused connection", withCode("ECONNREFUSED"), /unreachable/],
  ["a statement that is not prepared", withCode("26000"), /prepared statements/],
] as const)("%s: is logged with a hint about the cause", (_what, error, words) => {
  const found = databaseErrorOf(error);
  expect(found === null ? "" : describeDatabaseError(found)).toMatch(words);
});
