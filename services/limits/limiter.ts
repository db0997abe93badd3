import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { Redis } from "ioredis";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { Logger } from "winston";
import { type Budget, type BudgetName, budgets } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { subscriberKey } from "./addresses.ts";

/** What is left of a budget after a point was spent: of several windows, the tightest. */
export type Spent = { readonly limit: number; readonly remaining: number; readonly resetMs: number };

export type Limiter = {
  /**
   * Spends one point of a budget. The key is a user's id, or an address, which is kept only as a keyed hash.
   * @throws AppError `rate_limited { retryAfterMs, limit, remaining: 0, resetMs }` when nothing is left
   */
  consume(name: BudgetName, key: string): Promise<Spent>;
  /** Whether all nodes share the budgets now; null where no Redis was configured. */
  isShared(): boolean | null;
  stop(): Promise<void>;
};

export type LimiterOptions = {
  /** Multiplies the points of every budget; 1 but in load tests. */
  readonly scale: number;
  readonly keys: { readonly address: KeyObject };
  readonly logger: Logger;
  readonly redis?: { readonly url: string };
};

/** One window of a budget. */
type Window = { readonly points: number; readonly store: RateLimiterMemory | RateLimiterRedis };

type Store = (options: { keyPrefix: string; points: number; duration: number }) => Window["store"];

const socketPath = (url: string): string | null => (url.startsWith("unix:") ? new URL(url).pathname : null);

/** Without the offline queue a command fails at once while Redis is away, and the memory store answers in its place. */
function connect(url: string, logger: Logger): Redis {
  const path = socketPath(url);
  const options = { enableOfflineQueue: false, maxRetriesPerRequest: 1, retryStrategy: (tries: number) => Math.min(tries * 100, 1_000) };
  const client = path === null ? new Redis(url, options) : new Redis({ ...options, path });
  let isAway = false;
  client.on("error", (error: unknown) => {
    if (!isAway) logger.warn("Redis is away: each node keeps its own limits", { error });
    isAway = true;
  });
  client.on("ready", () => {
    if (isAway) logger.info("Redis is back: the limits are shared again");
    isAway = false;
  });
  return client;
}

const memoryStore: Store = (options) => new RateLimiterMemory(options);

const redisStore =
  (client: Redis): Store =>
  (options) =>
    new RateLimiterRedis({
      ...options,
      storeClient: client,
      inMemoryBlockOnConsumed: options.points + 1,
      insuranceLimiter: new RateLimiterMemory(options),
    });

/** A short window comes first: what it refuses must not eat into the longer ones. */
function windowsOf(name: string, list: readonly Budget[], { scale, store }: { scale: number; store: Store }): Window[] {
  return [...list]
    .sort((a, b) => a.windowMs - b.windowMs)
    .map(({ points, windowMs }) => {
      const options = { keyPrefix: `limit:${name}:${windowMs}`, points: points * scale, duration: windowMs / 1_000 };
      return { points: options.points, store: store(options) };
    });
}

async function spend({ points, store }: Window, key: string): Promise<Spent> {
  try {
    const { remainingPoints, msBeforeNext } = await store.consume(key);
    return { limit: points, remaining: remainingPoints, resetMs: Math.max(0, msBeforeNext) };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const resetMs = Math.max(1, error.msBeforeNext);
    throw new AppError("rate_limited", { retryAfterMs: resetMs, limit: points, remaining: 0, resetMs });
  }
}

async function spendAll(windows: readonly Window[], key: string): Promise<Spent> {
  let tightest: Spent | undefined;
  for (const window of windows) {
    const spent = await spend(window, key);
    if (tightest === undefined || spent.remaining < tightest.remaining) tightest = spent;
  }
  return tightest ?? { limit: 0, remaining: 0, resetMs: 0 };
}

/** The budgets of contract §9, shared through Redis where there is one, else and meanwhile kept in this process. */
export function createLimiter({ scale, keys, logger, redis }: LimiterOptions): Limiter {
  const client = redis === undefined ? null : connect(redis.url, logger);
  const store = client === null ? memoryStore : redisStore(client);
  const all = new Map<string, Window[]>(Object.entries(budgets).map(([name, list]) => [name, windowsOf(name, list, { scale, store })]));
  return {
    consume(name, key) {
      const windows = all.get(name);
      if (windows === undefined) throw new Error(`There is no budget "${name}".`);
      return spendAll(windows, isIP(key) === 0 ? key : subscriberKey(keys.address, key));
    },
    isShared: () => (client === null ? null : client.status === "ready"),
    async stop() {
      client?.disconnect();
    },
  };
}
