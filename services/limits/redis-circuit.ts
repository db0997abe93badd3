import { Redis } from "ioredis";
import type { Logger } from "winston";

/** The timeout of one command. A healthy Redis responds within a millisecond or two. */
const COMMAND_MS = 250;
const CONNECT_MS = 2_000;
/** A connection whose pending response takes this long is closed and reopened. */
const SOCKET_MS = 5_000;
const PROBE_MS = 1_000;

/** The probe writes, because a Redis that is full or read-only still answers PING. */
const PROBE_KEY = "limit:probe";

/** A circuit breaker around Redis: while it is open no caller waits for Redis. */
export type RedisCircuit = {
  readonly client: Redis;
  /** Returns whether commands are currently sent to Redis. */
  isClosed(): boolean;
  /** Opens the circuit after a failed command until a probe succeeds. */
  reportFailure(): void;
  /** Counts a decision that this node made without Redis, for the log. */
  countLocalDecision(): void;
  stop(): Promise<void>;
};

const socketPath = (url: string): string | null => (url.startsWith("unix:") ? new URL(url).pathname : null);

function connect(url: string): Redis {
  const path = socketPath(url);
  const options = {
    // Commands fail immediately while there is no connection, instead of being queued in memory.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 1,
    // A command that timed out must not be counted after a reconnect: its decision was made locally.
    autoResendUnfulfilledCommands: false,
    commandTimeout: COMMAND_MS,
    connectTimeout: CONNECT_MS,
    socketTimeout: SOCKET_MS,
    retryStrategy: (tries: number) => Math.min(tries * 100, 1_000),
  };
  return path === null ? new Redis(url, options) : new Redis({ ...options, path });
}

/**
 * Connects to Redis and probes it once a second with a write that has a timeout of 250 ms. A failed command opens the circuit at
 * once, a successful probe closes it. Logs one line when a probe confirms the failure and one when Redis is back.
 */
export function createRedisCircuit(url: string, logger: Logger): RedisCircuit {
  const client = connect(url);
  let isClosed = false;
  let downSince: number | null = null;
  let localDecisions = 0;
  let probing: Promise<void> | null = null;
  let isStopped = false;

  function openCircuit(error: unknown): void {
    isClosed = false;
    if (downSince !== null || isStopped) return;
    downSince = performance.now();
    logger.warn("Redis is unavailable, enforcing rate limits per node", { error });
  }

  function closeCircuit(): void {
    isClosed = true;
    if (downSince !== null) {
      const downMs = Math.round(performance.now() - downSince);
      logger.info("Redis is available again, sharing rate limits", { downMs, localDecisions });
    }
    downSince = null;
    localDecisions = 0;
  }

  function probe(): void {
    probing ??= client
      .set(PROBE_KEY, "1", "PX", PROBE_MS)
      .then(closeCircuit, openCircuit)
      .finally(() => {
        probing = null;
      });
  }

  client.on("error", openCircuit);
  client.on("close", () => {
    isClosed = false;
  });
  client.on("ready", probe);
  const timer = setInterval(probe, PROBE_MS).unref();
  return {
    client,
    isClosed: () => isClosed,
    reportFailure() {
      isClosed = false;
      // A timeout may also be caused by this process being busy: a probe decides before anything is logged.
      probe();
    },
    countLocalDecision() {
      localDecisions += 1;
    },
    async stop() {
      isStopped = true;
      clearInterval(timer);
      client.disconnect();
      await probing;
    },
  };
}
