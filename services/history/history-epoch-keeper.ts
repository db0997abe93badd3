import type pg from "pg";
import type { Logger } from "winston";
import { readEpoch } from "./history-epoch.ts";

/** Caches the epoch and detects when the database was restored to another history. */
export type EpochKeeper = {
  current(): string;
  /** Re-reads the epoch as soon as the database responds. Call it when connections broke. */
  suspect(): void;
  onChange(listener: () => void): void;
};

const MAX_WAIT_MS = 1_000;

export async function createEpochKeeper(pool: pg.Pool, logger: Logger): Promise<EpochKeeper> {
  let epoch = await readEpoch(pool);
  let timer: NodeJS.Timeout | null = null;
  let notify = (): void => undefined;

  async function check(): Promise<void> {
    timer = null;
    const found = await readEpoch(pool).catch(() => null);
    if (found === null) return suspect();
    if (found === epoch) return;
    logger.warn("the database has another history; clients take a fresh snapshot");
    epoch = found;
    notify();
  }

  function suspect(): void {
    if (timer !== null || pool.ending) return;
    timer = setTimeout(() => void check(), MAX_WAIT_MS).unref();
  }

  return {
    current: () => epoch,
    suspect,
    onChange: (listener) => {
      notify = listener;
    },
  };
}
