type Slice = { spentMs: number; readonly waiting: (() => void)[] };

/**
 * Creates a scheduler that spends at most about `sliceMs` per caller in one iteration of the event loop. The remaining work waits for the
 * next iterations, so that the server accepts connections and reads other requests between them. At least one work item runs per
 * iteration; the caller must limit how many may wait.
 */
export function createFairScheduler(sliceMs: number): (caller: string, work: () => void) => void {
  const slices = new Map<string, Slice>();

  function run(slice: Slice, work: () => void): void {
    const startedAt = performance.now();
    work();
    slice.spentMs += performance.now() - startedAt;
  }

  function runWaiting(slice: Slice): void {
    slice.spentMs = 0;
    let done = 0;
    while (done < slice.waiting.length && slice.spentMs < sliceMs) {
      const work = slice.waiting[done] as () => void;
      done += 1;
      run(slice, work);
    }
    slice.waiting.splice(0, done);
  }

  function runNext(): void {
    for (const [caller, slice] of slices) {
      if (slice.waiting.length === 0) slices.delete(caller);
      else runWaiting(slice);
    }
    if (slices.size > 0) setImmediate(runNext);
  }

  return (caller, work) => {
    if (slices.size === 0) setImmediate(runNext);
    const slice = slices.get(caller) ?? { spentMs: 0, waiting: [] };
    slices.set(caller, slice);
    if (slice.waiting.length > 0 || slice.spentMs >= sliceMs) slice.waiting.push(work);
    else run(slice, work);
  };
}
