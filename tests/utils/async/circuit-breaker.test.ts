import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { createCircuitBreaker } from "../../../utils/async/circuit-breaker.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["performance"] }));
afterEach(() => void vi.useRealTimers());

it("a circuit breaker: opens after several consecutive failures, lets one call per pause through, and closes with the first success", () => {
  const breaker = createCircuitBreaker({ failuresInARow: 3, pauseMs: 1_000 });
  breaker.failed();
  breaker.failed();
  breaker.succeeded();
  breaker.failed();
  breaker.failed();
  expect([breaker.isClosed(), breaker.mayTry(), breaker.mayTry()]).toEqual([true, true, true]);
  breaker.failed();
  expect([breaker.isClosed(), breaker.mayTry()]).toEqual([false, false]);
  vi.advanceTimersByTime(1_000);
  expect([breaker.mayTry(), breaker.mayTry()]).toEqual([true, false]);
  breaker.failed();
  vi.advanceTimersByTime(1_000);
  expect([breaker.mayTry(), breaker.isClosed()]).toEqual([true, false]);
  breaker.succeeded();
  expect([breaker.isClosed(), breaker.mayTry(), breaker.mayTry()]).toEqual([true, true, true]);
});
