import { PrismaPg } from "@prisma/adapter-pg";
import type pg from "pg";
import { PrismaClient } from "./generated/client.ts";
import { CONNECT_TIMEOUT_MS } from "./pool.ts";
import { retryOnConflict } from "./transaction.ts";

/** Waiting for a connection ends by the pool's own timeout, never before it: the pool's error says what was missing. */
const transactionOptions = { maxWait: CONNECT_TIMEOUT_MS + 500, timeout: 5_000 } as const;

/** Makes every transaction of a client run once more after a deadlock or a serialization failure. */
function retryTransactions(client: PrismaClient): PrismaClient {
  const run = client.$transaction.bind(client) as (...args: unknown[]) => Promise<unknown>;
  const value = (...args: unknown[]): Promise<unknown> => retryOnConflict(() => run(...args));
  return Object.defineProperty(client, "$transaction", { value, configurable: true, writable: true });
}

/**
 * Opens a Prisma client on a pool. The pool stays the caller's: `$disconnect` does not end it. A transaction may take 5 s after it
 * got its connection, unless its call says otherwise.
 */
export const createClient = (pool: pg.Pool): PrismaClient =>
  retryTransactions(new PrismaClient({ adapter: new PrismaPg(pool), transactionOptions }));
