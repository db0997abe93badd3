/** Loads many keys at once; a key without a value is left out of the answer. */
export type Load<Value> = (keys: string[]) => Promise<Map<string, Value>>;

export type BatchingCache<Value> = {
  /**
   * The value as it was at most `usableMs` ago, or undefined where there is none. A question that can wait `patienceMs`
   * is asked together with what comes meanwhile.
   */
  get(key: string, patienceMs?: number): Promise<Value | undefined>;
  /** Makes the next `get` of a key read anew. */
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
  /** How long an answer is given again without another look. */
  freshMs: number;
  /** How long it may be given while it is looked up anew, so that nobody waits; `freshMs` where nothing is said. */
  staleWhileRevalidateMs?: number;
};

/** `Promise.withResolvers`, which Node 20 does not have yet. */
function withResolvers<Value>() {
  let resolve: (value: Value) => void = () => undefined;
  let reject: (error: unknown) => void = () => undefined;
  const promise = new Promise<Value>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

/**
 * Asks once for all keys wanted at the same time: while one load is under way the next keys gather, so that a crowd makes
 * the batches and not a timer. Each answer is kept for `freshMs` (0: not at all), so that a busy key costs one read per
 * `freshMs` instead of one a call. With 0 a read always begins after the question.
 * Failed reads are not kept.
 */
export function createBatchingCache<Value>({ load, freshMs, staleWhileRevalidateMs = freshMs }: Options<Value>): BatchingCache<Value> {
  /** The oldest come first. */
  const entries = new Map<string, Entry<Value>>();
  let wanted = new Map<string, PendingLoad<Value>>();
  let isLoading = false;
  let patience: NodeJS.Timeout | undefined;
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
    clearTimeout(patience);
    patience = undefined;
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

  function loadWithin(patienceMs: number): void {
    if (patienceMs === 0) startLoading();
    else if (!isLoading) patience ??= setTimeout(startLoading, patienceMs);
  }

  /** Joins the next load. A key that was forgotten while it still waits for that load is fresh enough already. */
  function want(key: string, patienceMs: number): Promise<Value | undefined> {
    loadWithin(patienceMs);
    const waiting = wanted.get(key);
    if (waiting !== undefined) return waiting.value;
    const { promise, resolve, reject } = withResolvers<Value | undefined>();
    wanted.set(key, { value: promise, resolve, reject });
    return promise;
  }

  /** Forgets what is of no use any more, so that a crowd leaves nothing behind. */
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

  function read(key: string, patienceMs: number): Promise<Value | undefined> {
    const value = want(key, patienceMs);
    if (staleWhileRevalidateMs > 0) keep(key, value, performance.now());
    return value;
  }

  /** Looks a key up anew beside those who ask for it. What was forgotten meanwhile stays forgotten. */
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
    get(key, patienceMs = 0) {
      const entry = entries.get(key);
      if (entry === undefined || !isYounger(entry, staleWhileRevalidateMs)) return read(key, patienceMs);
      if (!entry.isRenewing && !isYounger(entry, freshMs)) renew(key, entry);
      // Somebody patient asked already, who is not to be waited for.
      else if (wanted.has(key)) loadWithin(patienceMs);
      return entry.value;
    },
    invalidate: (key) => void entries.delete(key),
  };
}
