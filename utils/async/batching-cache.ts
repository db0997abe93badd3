import DataLoader from "dataloader";
import { LRUCache } from "lru-cache";

/** Loads many keys at once. Keys without a value are omitted from the result. */
export type Load<Value> = (keys: string[]) => Promise<Map<string, Value>>;

export type BatchingCache<Value> = {
  /**
   * Returns the value as it was at most `staleWhileRevalidateMs` ago, or undefined if there is none. A caller that can wait `maxWaitMs` is
   * served by a batch together with the keys requested in the meantime.
   */
  get(key: string, maxWaitMs?: number): Promise<Value | undefined>;
  /** Makes the next `get` of a key load it again. */
  invalidate(key: string): void;
};

type Options<Value> = {
  load: Load<Value>;
  /** How long a loaded value is returned without loading it again. */
  freshMs: number;
  /** How long a value may be returned while it is being reloaded in the background. Defaults to `freshMs`. */
  staleWhileRevalidateMs?: number;
  /** How many values are cached; beyond that, the least recently used ones are evicted. */
  maxEntries?: number;
};

type Batches<Value> = {
  /** Adds a key to the next batch, which begins to load within `maxWaitMs`. A key that is already in it is loaded once. */
  request(key: string, maxWaitMs: number): Promise<Value | undefined>;
  /** Makes the next batch begin within `maxWaitMs` if it contains the key. */
  expedite(key: string, maxWaitMs: number): void;
};

/**
 * Collects keys with DataLoader, but schedules its batches: DataLoader itself would begin one in every turn of the event loop. Here, only
 * one batch is loading at a time while the next one is collected.
 */
function createBatches<Value>(load: Load<Value>): Batches<Value> {
  /** The keys of the next batch. DataLoader's own cache would keep a key for longer than its batch. */
  const pending = new Map<string, Promise<Value | undefined>>();
  let dispatch: (() => void) | undefined;
  let isLoading = false;
  let waitTimer: NodeJS.Timeout | undefined;

  const loader = new DataLoader<string, Value | undefined>(
    async (keys) => {
      pending.clear();
      try {
        const values = await load([...keys]);
        return keys.map((key) => values.get(key));
      } finally {
        // The callers of this batch continue first, so that the keys they request next are in the next batch.
        process.nextTick(dispatchNext);
      }
    },
    {
      cache: false,
      batchScheduleFn(run) {
        dispatch = run;
      },
    },
  );

  function dispatchNext(): void {
    clearTimeout(waitTimer);
    waitTimer = undefined;
    const run = dispatch;
    dispatch = undefined;
    isLoading = run !== undefined;
    run?.();
  }

  function startLoading(): void {
    if (isLoading) return;
    isLoading = true;
    setImmediate(dispatchNext);
  }

  function schedule(maxWaitMs: number): void {
    if (maxWaitMs === 0) startLoading();
    else if (!isLoading) waitTimer ??= setTimeout(startLoading, maxWaitMs);
  }

  function add(key: string): Promise<Value | undefined> {
    const value = loader.load(key);
    pending.set(key, value);
    return value;
  }

  return {
    request(key, maxWaitMs) {
      schedule(maxWaitMs);
      return pending.get(key) ?? add(key);
    },
    expedite(key, maxWaitMs) {
      if (pending.has(key)) schedule(maxWaitMs);
    },
  };
}

type Entry<Value> = { readonly value: Promise<Value | undefined>; isRenewing: boolean };

/**
 * Creates a cache that loads all keys requested at the same time in one batch. While a load is in progress, the next keys are collected, so
 * that batches form under load without a timer. Each value is cached for `freshMs` (0: not at all), so that a busy key costs one read per
 * `freshMs` instead of one per call. With 0, a read always begins after the call. Failed reads are not cached.
 */
export function createBatchingCache<Value>(options: Options<Value>): BatchingCache<Value> {
  const { load, freshMs, staleWhileRevalidateMs = freshMs, maxEntries = 20_000 } = options;
  const { request, expedite } = createBatches(load);
  if (staleWhileRevalidateMs === 0) return { get: (key, maxWaitMs = 0) => request(key, maxWaitMs), invalidate: () => undefined };

  const entries = new LRUCache<string, Entry<Value>>({
    ttl: staleWhileRevalidateMs,
    // A limit of the total size instead of `max`, for which the cache would allocate its arrays in advance.
    maxSize: maxEntries,
    sizeCalculation: () => 1,
    // Tests replace the global clock.
    perf: performance,
  });
  let isPurgeScheduled = false;

  const isCached = (key: string, entry: Entry<Value>): boolean => entries.peek(key, { allowStale: true }) === entry;

  /** Removes expired entries, so that the cache shrinks again after a load peak. */
  function purge(): void {
    isPurgeScheduled = false;
    entries.purgeStale();
    if (entries.size > 0) schedulePurge();
  }

  function schedulePurge(): void {
    if (isPurgeScheduled) return;
    isPurgeScheduled = true;
    setTimeout(purge, staleWhileRevalidateMs).unref();
  }

  /** Caches a value whose load was requested at `requestedAt`, from which its age is counted. */
  function keep(key: string, value: Promise<Value | undefined>, requestedAt: number): Entry<Value> {
    const entry = { value, isRenewing: false };
    entries.set(key, entry, { start: requestedAt });
    schedulePurge();
    return entry;
  }

  function read(key: string, maxWaitMs: number): Promise<Value | undefined> {
    const entry = keep(key, request(key, maxWaitMs), performance.now());
    entry.value.catch(() => {
      if (isCached(key, entry)) entries.delete(key);
    });
    return entry.value;
  }

  /** Reloads a key in the background. If the entry was invalidated meanwhile, the result is dropped. */
  function renew(key: string, entry: Entry<Value>): void {
    entry.isRenewing = true;
    const requestedAt = performance.now();
    const value = request(key, 0);
    value.then(
      () => {
        if (isCached(key, entry)) keep(key, value, requestedAt);
      },
      () => {
        entry.isRenewing = false;
      },
    );
  }

  return {
    get(key, maxWaitMs = 0) {
      const entry = entries.get(key);
      if (entry === undefined) return read(key, maxWaitMs);
      const isFresh = entries.getRemainingTTL(key) > staleWhileRevalidateMs - freshMs;
      if (!isFresh && !entry.isRenewing) renew(key, entry);
      // A caller with a longer wait already requested the key; do not wait as long.
      else expedite(key, maxWaitMs);
      return entry.value;
    },
    invalidate: (key) => void entries.delete(key),
  };
}
