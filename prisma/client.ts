import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import { CONNECT_TIMEOUT_MS } from "./pool.ts";
import { retryOnConflict } from "./transaction.ts";

/** Prisma's `maxWait` is longer than the pool's own connection timeout, so that the pool's more specific error is reported. */
const transactionOptions = { maxWait: CONNECT_TIMEOUT_MS + 500, timeout: 5_000 } as const;

/** Makes a client retry every transaction once after a deadlock or a serialization failure. */
function retryTransactions(client: PrismaClient): PrismaClient {
  const run = client.$transaction.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const value = (...args: unknown[]): Promise<unknown> => retryOnConflict(() => run(...args));
  return Object.defineProperty(client, "$transaction", { value, configurable: true, writable: true });
}

/**
 * Opens a Prisma client on a pool. The caller owns the pool: `$disconnect` does not end it. A transaction may take 5 s after it got its
 * connection, unless the call sets another timeout.
 */
export const createClient = (pool: pg.Pool): PrismaClient =>
  retryTransactions(new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions }));
