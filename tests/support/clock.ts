import type { Clock } from "../../utils/clock.ts";

/** Creates a clock that runs and can be moved forward. */
export function movableClock(): { now: Clock; advance(ms: number): void } {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    advance(ms) {
      ahead += ms;
    },
  };
}

/** Creates a clock that stands still until it is moved. */
export function stoppedClock(start = "2026-03-01T12:00:00.000Z"): { now: Clock; advance(ms: number): void } {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    advance(ms) {
      at += ms;
    },
  };
}
