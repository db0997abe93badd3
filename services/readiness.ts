import { pendingMigrations } from "../prisma/migrate.ts";
import type { DatabaseMonitor, DatabaseState } from "../prisma/monitor.ts";
import { createBatchingCache } from "../utils/async/batching-cache.ts";
import { withTimeout } from "../utils/async/with-timeout.ts";
import { databaseErrorOf, describeDatabaseError } from "../utils/database-errors.ts";
import type { Metrics } from "../utils/metrics.ts";
import type { Services } from "./context.ts";

/** The state of one component; `isDegraded` if it works with restrictions, and the node may still receive traffic. */
export type HealthCheck = { readonly ok: boolean; readonly isDegraded?: boolean; readonly [field: string]: unknown };

export type HealthChecks = Record<string, HealthCheck>;

/** How long a result is cached, so that the number of callers does not affect how often the components are checked. */
const FRESH_MS = 1_000;
/** How long the check of one component may take. */
const PART_MS = 900;
/** A larger difference makes tokens invalid on other nodes. */
const MOST_CLOCK_DIFFERENCE_MS = 30_000;

export type ReadinessSources = {
  readonly services: Pick<Services, "limits" | "sms" | "mail" | "now" | "logger">;
  readonly metrics: Pick<Metrics, "httpSeconds" | "commandSeconds">;
  readonly monitor: DatabaseMonitor;
  /** The latest runs of the jobs. */
  readonly jobs: () => Promise<unknown>;
};

/** Counts the calls answered with `unavailable` so far. */
async function countUnavailable({ httpSeconds, commandSeconds }: ReadinessSources["metrics"]): Promise<number> {
  const [calls, commands] = await Promise.all([httpSeconds.get(), commandSeconds.get()]);
  const counts = [
    ...calls.values.filter(({ metricName, labels }) => metricName?.endsWith("_count") && labels.status === "503"),
    ...commands.values.filter(({ metricName, labels }) => metricName?.endsWith("_count") && labels.outcome === "unavailable"),
  ];
  return counts.reduce((sum, { value }) => sum + value, 0);
}

/** Describes an outage. A database that answers with an error is reachable: the cause must be searched for elsewhere. */
function describeOutage(error: unknown): { message: string; reason: string } {
  const fault = databaseErrorOf(error);
  const isUnreachable = fault === null || fault.kind === "unreachable" || /^[A-Z]*TIMEDOUT$|timeout/i.test(fault.code);
  const text = error instanceof Error ? error.message : String(error);
  return {
    message: isUnreachable ? "the database became unreachable" : "the database became unusable",
    reason: isUnreachable || fault === null ? text : `${describeDatabaseError(fault)}: ${text}`,
  };
}

/** Logs when the database becomes unreachable and when it is back, one entry each. */
function logOutages({ services: { logger }, metrics, monitor }: ReadinessSources): void {
  let outage: { readonly since: number; readonly countBefore: Promise<number> } | null = null;

  async function logReturn({ since, countBefore }: NonNullable<typeof outage>): Promise<void> {
    const unavailableAnswers = (await countUnavailable(metrics)) - (await countBefore);
    logger.warn("the database is reachable again", { outageMs: Math.round(performance.now() - since), unavailableAnswers });
  }

  monitor.onProbe(({ isReachable, error }) => {
    if (!isReachable && outage === null) {
      outage = { since: performance.now(), countBefore: countUnavailable(metrics) };
      const { message, reason } = describeOutage(error);
      logger.error(message, { reason });
    } else if (isReachable && outage !== null) {
      void logReturn(outage);
      outage = null;
    }
  });
}

/** Returns how far this node's clock is ahead of the database's, in ms; null before the first response of the database. */
function clockDifference({ databaseMs, readAt }: DatabaseState, now: Date): number | null {
  return databaseMs === null ? null : Math.round(now.getTime() - (databaseMs + performance.now() - readAt));
}

const isClockRight = (differenceMs: number | null): boolean => Math.abs(differenceMs ?? 0) <= MOST_CLOCK_DIFFERENCE_MS;

/** Logs once when this node's clock differs from the database's, and once when it agrees again. */
function logClock({ services: { logger, now }, monitor }: ReadinessSources): void {
  let wasInSync = true;
  monitor.onProbe((state) => {
    const differenceMs = clockDifference(state, now());
    const isInSync = isClockRight(differenceMs);
    if (!isInSync && wasInSync)
      logger.error("this node's clock differs too much from the database's: the node is not ready", { differenceMs });
    if (isInSync && !wasInSync) logger.info("this node's clock agrees with the database's again: the node is ready", { differenceMs });
    wasInSync = isInSync;
  });
}

/** Creates the check of the migrations. Once they are complete, they stay so while this program runs. */
function createMigrationCheck({ monitor }: ReadinessSources): () => Promise<boolean> {
  let isComplete = false;
  return async () => {
    if (!isComplete) isComplete = (await withTimeout(PART_MS, () => pendingMigrations(monitor.pool)).catch(() => [""])).length === 0;
    return isComplete;
  };
}

/** Creates the check of the jobs: returns their latest runs, or the last known ones if they cannot be read now. */
function createJobCheck({ jobs }: ReadinessSources): () => Promise<unknown> {
  let known: unknown;
  return async () => {
    known = await withTimeout(PART_MS, jobs).catch(() => known);
    return known;
  };
}

/**
 * Creates the readiness check of a node. It answers within about a second even if a component hangs, and checks each component at most
 * once a second for any number of callers. Also logs outages of the database and a wrong clock.
 * @returns a function that returns the state of every component by its name
 */
export function createReadiness(sources: ReadinessSources): () => Promise<HealthChecks> {
  const { services, monitor } = sources;
  const { limits, sms, mail, now } = services;
  const areMigrationsComplete = createMigrationCheck(sources);
  const lastRuns = createJobCheck(sources);
  logOutages(sources);
  logClock(sources);

  async function read(): Promise<HealthChecks> {
    const [database, isMigrated, runs] = await Promise.all([monitor.current(), areMigrationsComplete(), lastRuns()]);
    const aheadMs = clockDifference(database, now());
    const areLimitsShared = limits.isShared();
    return {
      database: { ok: database.isReachable },
      migrations: { ok: isMigrated },
      clock: { ok: isClockRight(aheadMs), aheadMs },
      // Without Redis each node enforces its own limits.
      redis: { ok: true, isDegraded: areLimitsShared === false, limitsAreShared: areLimitsShared },
      ...(sms !== null && { sms: { ok: true, isDegraded: !sms.isWorking() } }),
      ...(mail !== null && { mail: { ok: true, isDegraded: !mail.isWorking() } }),
      jobs: { ok: true, jobs: runs },
    };
  }

  const cache = createBatchingCache<HealthChecks>({ load: async () => new Map([["parts", await read()]]), freshMs: FRESH_MS });
  return async () => (await cache.get("parts")) ?? {};
}
