/** Blocks calls to a service after several consecutive failures. */
export type CircuitBreaker = {
  /** Whether a call may be made now: always while the circuit is closed, and once per pause while it is open. */
  mayTry(): boolean;
  /** Whether fewer than `failuresInARow` consecutive calls have failed. */
  isClosed(): boolean;
  succeeded(): void;
  failed(): void;
};

type Options = { readonly failuresInARow: number; readonly pauseMs: number };

/** Creates a circuit breaker that opens after `failuresInARow` failures and then allows one call per `pauseMs` to test the service. */
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
