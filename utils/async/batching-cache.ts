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

type Entry<Value> = { value: Promise<Value | undefined>; loadedAt: number; isRenewing: boolean };

type PendingLoad<Value> = {
  value: Promise<Value | undefined>;
  resolve: (value: Value | undefined) => void;
  reject: (error: unknown) => void;
};

type Options<Value> = {
  load: Load<Value>;
  /** How long a loaded value is returned without loading it again. */
  freshMs: number;
  /** How long a value may be returned while it is being reloaded in the background. Defaults to `freshMs`. */
  staleWhileRevalidateMs?: number;
};

/** Returns the same as `Promise.withResolvers`, which Node 20 does not have yet. */
function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((fulfill, fail) => {
    resolve = fulfill;
    reject = fail;
  });
  return { promise, resolve, reject };
}

/**
 * Creates a cache that loads all keys requested at the same time in one batch. While a load is in progress, the next keys are collected, so
 * that batches form under load without a timer. Each value is cached for `freshMs` (0: not at all), so that a busy key costs one read per
 * `freshMs` instead of one per call. With 0, a read always begins after the call. Failed reads are not cached.
 */
export function createBatchingCache<Value>({ load, freshMs, staleWhileRevalidateMs = freshMs }: Options<Value>): BatchingCache<Value> {
  /** Ordered from oldest to newest. */
  const entries = new Map<string, Entry<Value>>();
  let wanted = new Map<string, PendingLoad<Value>>();
  let isLoading = false;
  let waitTimer: NodeJS.Timeout | undefined;
  let isSweepDue = false;

  async function loadBatch(batch: Map<string, PendingLoad<Value>>): Promise<void> {
    try {
      const values = await load([...batch.keys()]);
      for (const [key, { resolve }] of batch) resolve(values.get(key));
    } catch (error) {
      for (const [key, { value, reject }] of batch) {
        if (entries.get(key)?.value === value) entries.delete(key);
        reject(error);
      }
    }
  }

  async function loadWanted(): Promise<void> {
    clearTimeout(waitTimer);
    waitTimer = undefined;
    while (wanted.size > 0) {
      const batch = wanted;
      wanted = new Map();
      await loadBatch(batch);
    }
    isLoading = false;
  }

  function startLoading(): void {
    if (isLoading) return;
    isLoading = true;
    setImmediate(() => void loadWanted());
  }

  function scheduleLoad(maxWaitMs: number): void {
    if (maxWaitMs === 0) startLoading();
    else if (!isLoading) waitTimer ??= setTimeout(startLoading, maxWaitMs);
  }

  /**
   * Adds a key to the next load. A key that was invalidated while waiting for that load is fresh enough, because the load has not begun.
   */
  function want(key: string, maxWaitMs: number): Promise<Value | undefined> {
    scheduleLoad(maxWaitMs);
    const waiting = wanted.get(key);
    if (waiting !== undefined) return waiting.value;
    const { promise, resolve, reject } = withResolvers<Value | undefined>();
    wanted.set(key, { value: promise, resolve, reject });
    return promise;
  }

  /** Removes expired entries, so that the cache shrinks again after a load peak. */
  function sweep(): void {
    isSweepDue = false;
    for (const [key, entry] of entries) {
      if (isYounger(entry, staleWhileRevalidateMs)) break;
      entries.delete(key);
    }
    if (entries.size > 0) sweepLater();
  }

  function sweepLater(): void {
    if (isSweepDue) return;
    isSweepDue = true;
    setTimeout(sweep, staleWhileRevalidateMs).unref();
  }

  const isYounger = ({ loadedAt }: Entry<Value>, ms: number): boolean => performance.now() - loadedAt < ms;

  function keep(key: string, value: Promise<Value | undefined>, loadedAt: number): void {
    entries.delete(key);
    entries.set(key, { value, loadedAt, isRenewing: false });
    sweepLater();
  }

  function read(key: string, maxWaitMs: number): Promise<Value | undefined> {
    const value = want(key, maxWaitMs);
    if (staleWhileRevalidateMs > 0) keep(key, value, performance.now());
    return value;
  }

  /** Reloads a key in the background. If the entry was invalidated meanwhile, the result is dropped. */
  function renew(key: string, entry: Entry<Value>): void {
    entry.isRenewing = true;
    const askedAt = performance.now();
    const value = want(key, 0);
    const done = (then: () => void) => () => {
      entry.isRenewing = false;
      if (entries.get(key) === entry) then();
    };
    value.then(
      done(() => keep(key, value, askedAt)),
      done(() => undefined),
    );
  }

  return {
    get(key, maxWaitMs = 0) {
      const entry = entries.get(key);
      if (entry === undefined || !isYounger(entry, staleWhileRevalidateMs)) return read(key, maxWaitMs);
      if (!entry.isRenewing && !isYounger(entry, freshMs)) renew(key, entry);
      // A caller with a longer wait already requested the key; do not wait as long.
      else if (wanted.has(key)) scheduleLoad(maxWaitMs);
      return entry.value;
    },
    invalidate: (key) => void entries.delete(key),
  };
}
