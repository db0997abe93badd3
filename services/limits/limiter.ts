import type { KeyObject } from "node:crypto";
import { isIP } from "node:net";
import { RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from "rate-limiter-flexible";
import type { Logger } from "winston";
import { type Budget, type BudgetName, budgets } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { subscriberKey } from "./addresses.ts";
import { createRedisCircuit, type RedisCircuit } from "./redis-circuit.ts";

/** The state of a budget after a point was consumed; with several windows that of the tightest. */
export type RateLimitState = { readonly limit: number; readonly remaining: number; readonly resetMs: number };

export type Limiter = {
  /**
   * Consumes one point of a budget. The key is a user's id, or an address, which is stored only as a keyed hash.
   * @throws AppError `rate_limited { retryAfterMs, limit, remaining: 0, resetMs }` when nothing is left
   */
  consume(name: BudgetName, key: string): Promise<RateLimitState>;
  /** Returns the state of a budget without consuming anything; `remaining` is 0 when nothing is left. */
  peek(name: BudgetName, key: string): Promise<RateLimitState>;
  /** Whether Redis answered its last probe, so that all nodes share the budgets; null without a configured Redis. */
  isShared(): boolean | null;
  stop(): Promise<void>;
};

export type LimiterOptions = {
  /** Multiplies the points of every budget; 1 except in load tests. */
  readonly scale: number;
  readonly keys: { readonly address: KeyObject };
  readonly logger: Logger;
  readonly redis?: { readonly url: string };
};

/** One window of a budget. `shared` is absent without a configured Redis; `local` decides while Redis does not answer. */
type Window = { readonly points: number; readonly local: RateLimiterMemory; readonly shared?: RateLimiterRedis };

type Shared = RedisCircuit | null;

/** Returns the windows, shortest first: requests that a short window rejects must not consume the longer ones. */
function windowsOf(name: string, list: readonly Budget[], { scale, circuit }: { scale: number; circuit: Shared }): Window[] {
  return [...list]
    .sort((a, b) => a.windowMs - b.windowMs)
    .map(({ points, windowMs }) => {
      const options = { keyPrefix: `limit:${name}:${windowMs}`, points: points * scale, duration: windowMs / 1_000 };
      const local = new RateLimiterMemory(options);
      if (circuit === null) return { points: options.points, local };
      const shared = new RateLimiterRedis({ ...options, storeClient: circuit.client, inMemoryBlockOnConsumed: options.points + 1 });
      return { points: options.points, local, shared };
    });
}

/** Consumes a point in Redis while its circuit is closed, else in this node's own store. */
async function consume({ local, shared }: Window, key: string, circuit: Shared): Promise<RateLimiterRes> {
  if (shared === undefined || circuit === null) return local.consume(key);
  if (circuit.isClosed()) {
    try {
      return await shared.consume(key);
    } catch (error) {
      if (error instanceof RateLimiterRes) throw error;
      circuit.reportFailure();
    }
  }
  circuit.countLocalDecision();
  return local.consume(key);
}

/** Reads the state of a window in the store that `consume` would use. */
async function read({ local, shared }: Window, key: string, circuit: Shared): Promise<RateLimiterRes | null> {
  if (shared === undefined || circuit === null || !circuit.isClosed()) return local.get(key);
  try {
    return await shared.get(key);
  } catch {
    circuit.reportFailure();
    return local.get(key);
  }
}

async function look(window: Window, key: string, circuit: Shared): Promise<RateLimitState> {
  const state = await read(window, key, circuit);
  const { remainingPoints = window.points, msBeforeNext = 0 } = state ?? {};
  return { limit: window.points, remaining: Math.max(0, remainingPoints), resetMs: Math.max(0, msBeforeNext) };
}

async function spend(window: Window, key: string, circuit: Shared): Promise<RateLimitState> {
  const { points } = window;
  try {
    const { remainingPoints, msBeforeNext } = await consume(window, key, circuit);
    return { limit: points, remaining: remainingPoints, resetMs: Math.max(0, msBeforeNext) };
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const resetMs = Math.max(1, error.msBeforeNext);
    throw new AppError("rate_limited", { retryAfterMs: resetMs, limit: points, remaining: 0, resetMs });
  }
}

/** Applies `act` to every window of a budget and returns the state of the tightest. */
async function tightestOf(windows: readonly Window[], act: (window: Window) => Promise<RateLimitState>): Promise<RateLimitState> {
  let tightest: RateLimitState | undefined;
  for (const window of windows) {
    const state = await act(window);
    if (tightest === undefined || state.remaining < tightest.remaining) tightest = state;
  }
  return tightest ?? { limit: 0, remaining: 0, resetMs: 0 };
}

/** Enforces the budgets of contract §9. They are shared through Redis if it is configured and responds, else per process. */
export function createLimiter({ scale, keys, logger, redis }: LimiterOptions): Limiter {
  const circuit = redis === undefined ? null : createRedisCircuit(redis.url, logger);
  const all = new Map<string, Window[]>(Object.entries(budgets).map(([name, list]) => [name, windowsOf(name, list, { scale, circuit })]));
  function windowsIn(name: BudgetName): Window[] {
    const windows = all.get(name);
    if (windows === undefined) throw new Error(`Unknown rate limit budget "${name}".`);
    return windows;
  }
  const stored = (key: string): string => (isIP(key) === 0 ? key : subscriberKey(keys.address, key));
  return {
    consume: (name, key) => tightestOf(windowsIn(name), (window) => spend(window, stored(key), circuit)),
    peek: (name, key) => tightestOf(windowsIn(name), (window) => look(window, stored(key), circuit)),
    isShared: () => circuit?.isClosed() ?? null,
    async stop() {
      await circuit?.stop();
    },
  };
}
