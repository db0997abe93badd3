/** Loads many keys at once; a key without a value is left out of the answer. */
export type Load<Value> = (keys: string[]) => Promise<Map<string, Value>>;

export type Gatherer<Value> = {
  /** The value as it was at most `freshMs` ago, or undefined where there is none. */
  get(key: string): Promise<Value | undefined>;
  /** Makes the next `get` of a key read anew. */
  forget(key: string): void;
};

type Entry<Value> = { value: Promise<Value | undefined>; loadedAt: number };

type Wanted<Value> = { value: Promise<Value | undefined>; resolve: (value: Value | undefined) => void; reject: (error: unknown) => void };

type Options<Value> = { load: Load<Value>; freshMs: number; maxKeys?: number };

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
export function createGatherer<Value>({ load, freshMs, maxKeys = 50_000 }: Options<Value>): Gatherer<Value> {
  const entries = new Map<string, Entry<Value>>();
  let wanted = new Map<string, Wanted<Value>>();
  let isLoading = false;

  async function loadBatch(batch: Map<string, Wanted<Value>>): Promise<void> {
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
    while (wanted.size > 0) {
      const batch = wanted;
      wanted = new Map();
      await loadBatch(batch);
    }
    isLoading = false;
  }

  /** Joins the next load. A key that was forgotten while it still waits for that load is fresh enough already. */
  function want(key: string): Promise<Value | undefined> {
    const waiting = wanted.get(key);
    if (waiting !== undefined) return waiting.value;
    if (!isLoading) setImmediate(() => void loadWanted());
    isLoading = true;
    const { promise, resolve, reject } = withResolvers<Value | undefined>();
    wanted.set(key, { value: promise, resolve, reject });
    return promise;
  }

  function read(key: string): Promise<Value | undefined> {
    const value = want(key);
    if (freshMs === 0) return value;
    if (entries.size >= maxKeys) entries.clear();
    entries.set(key, { value, loadedAt: performance.now() });
    return value;
  }

  return {
    get(key) {
      const entry = entries.get(key);
      return entry !== undefined && performance.now() - entry.loadedAt < freshMs ? entry.value : read(key);
    },
    forget: (key) => void entries.delete(key),
  };
}
