/** Keeps calls away from a service that failed several times in a row. */
export type CircuitBreaker = {
  /** Whether a call may be made now: always while the service works, and once per pause while it does not. */
  mayTry(): boolean;
  /** Whether fewer than the given number of calls in a row have failed. */
  isClosed(): boolean;
  succeeded(): void;
  failed(): void;
};

type Options = { readonly failuresInARow: number; readonly pauseMs: number };

/** Creates a circuit breaker that opens after `failuresInARow` and then lets one call per `pauseMs` find out whether the service is back. */
export function createCircuitBreaker({ failuresInARow, pauseMs }: Options): CircuitBreaker {
  let failures = 0;
  let triedAt = 0;
  const isClosed = (): boolean => failures < failuresInARow;
  return {
    isClosed,
    mayTry() {
      if (isClosed()) return true;
      if (performance.now() - triedAt < pauseMs) return false;
      triedAt = performance.now();
      return true;
    },
    succeeded() {
      failures = 0;
    },
    failed() {
      failures += 1;
      triedAt = performance.now();
    },
  };
}
