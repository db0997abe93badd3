import { expect, it } from "vitest";
import { databaseErrorOf, isConflict } from "../../utils/database-errors.ts";
import { AppError } from "../../utils/errors.ts";

const withCode = (code: string): Error => Object.assign(new Error("a message"), { code });

/** As Prisma throws what its driver reported. */
const byPrisma = (code: string, cause: object): Error =>
  Object.assign(withCode(code), { meta: { modelName: "User", driverAdapterError: { name: "DriverAdapterError", cause } } });

it.each([
  ["conflict", ["40001", "40P01", "40003", "P2034"]],
  ["busy", ["53100", "53200", "53300", "55P03", "57014", "25P03", "P1002", "P1008", "P2024", "P2028", "P2037", "ETIMEDOUT", "POOL_FULL"]],
  ["unreachable", ["08000", "08006", "57P01", "57P02", "57P03", "P1001", "P1017", "ECONNREFUSED", "ECONNRESET", "EPIPE"]],
] as const)("errors that mean %s are recognized by their code", (kind, codes) => {
  expect(codes.map((code) => databaseErrorOf(withCode(code)))).toEqual(codes.map((code) => ({ kind, code })));
});

it.each([
  ["55P03 of a model's query", byPrisma("P2039", { originalCode: "55P03", kind: "postgres", code: "55P03" }), "busy"],
  ["57014 of a raw query", byPrisma("P2010", { originalCode: "57014", kind: "postgres", code: "57014" }), "busy"],
  ["a deadlock of a raw query", byPrisma("P2010", { originalCode: "40P01", kind: "TransactionWriteConflict" }), "conflict"],
  ["too many connections", byPrisma("P2010", { originalCode: "53300", kind: "TooManyConnections" }), "busy"],
  ["a server that refuses connections", byPrisma("P2010", { kind: "DatabaseNotReachable", host: "127.0.0.1", port: 1 }), "unreachable"],
  ["the pool's timeout", new Error("timeout exceeded when trying to connect"), "busy"],
  ["the driver's timeout", new Error("Query read timeout"), "busy"],
  ["a connection that broke", new Error("Connection terminated unexpectedly"), "unreachable"],
  ["a missing socket file", Object.assign(withCode("ENOENT"), { syscall: "connect" }), "unreachable"],
] as const)("%s is recognized", (_what, error, kind) => {
  expect(databaseErrorOf(error)?.kind).toBe(kind);
  expect(isConflict(error)).toBe(kind === "conflict");
});

it.each([
  ["a unique violation", byPrisma("P2002", { originalCode: "23505", kind: "UniqueConstraintViolation" })],
  ["a syntax error", byPrisma("P2010", { originalCode: "42601", kind: "postgres", code: "42601" })],
  ["an aborted transaction that was used again", byPrisma("P2039", { originalCode: "25P02", kind: "postgres", code: "25P02" })],
  ["a missing file", Object.assign(withCode("ENOENT"), { syscall: "open" })],
  ["an error of the application", new AppError("unavailable")],
  ["a text", "57014"],
  ["nothing", undefined],
])("%s is none of them", (_what, error) => {
  expect(databaseErrorOf(error)).toBeNull();
});
