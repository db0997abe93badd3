import { limits } from "../../contract/limits.ts";
import { toApiError } from "../api-error.ts";

export type ResponseWatchParts = {
  /** Sends a heartbeat to test the server. */
  probe(): void;
  /** Called if the server has not responded for too long. */
  stalled(): void;
  /** Called when a stalled server has responded. */
  resumed(): void;
};

/** Detects a server that keeps its socket open but does not respond, before any single command times out. */
export type ResponseWatch = {
  /** Runs a command and watches for its response. Rejects as the command does. */
  during<T>(run: () => Promise<T>): Promise<T>;
  /** Records that the server sent something and is therefore alive. */
  received(): void;
  /** Adds a measured round trip in ms, from which the timeout of this connection is estimated. */
  measured(roundTripMs: number): void;
  /** Returns how long this connection may normally be silent, in ms. */
  timeoutMs(): number;
  /** Forgets the outstanding commands of a socket that was closed. */
  reset(): void;
};

/** After this much silence a probe is sent, so that one slow command is not mistaken for a server that hangs. */
const PROBE_AFTER_MS = 2_000;
/** How long the probe and all other responses may take before the server counts as stalled. */
const PROBE_GRACE_MS = 900;
/** The number of round trips that are kept. Their median ignores single slow commands. */
const SAMPLES = 5;

function medianOf(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/**
 * Creates the watch of one connection. A fast connection is reported as stalled 2.9 s after the first unanswered command. On a slow
 * connection, twice the usual round trip must pass first, up to the timeout of commands.
 */
export function createResponseWatch(parts: ResponseWatchParts): ResponseWatch {
  let samples: number[] = [];
  let outstanding = 0;
  let socketNumber = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStalled = false;

  const timeoutMs = (): number => Math.min(limits.ackMs, Math.max(PROBE_AFTER_MS + PROBE_GRACE_MS, 2 * medianOf(samples)));

  const stopTimer = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  const expire = (): void => {
    timer = undefined;
    isStalled = true;
    parts.stalled();
  };

  // The grace period begins only when the first timer has fired, so that a page that was busy or asleep can read what has arrived
  // meanwhile.
  const startTimer = (): void => {
    if (timer !== undefined || isStalled) return;
    timer = setTimeout(() => {
      timer = setTimeout(expire, PROBE_GRACE_MS);
      parts.probe();
    }, timeoutMs() - PROBE_GRACE_MS);
  };

  const received = (): void => {
    stopTimer();
    if (outstanding > 0) startTimer();
    if (!isStalled) return;
    isStalled = false;
    parts.resumed();
  };

  const measured = (roundTripMs: number): void => {
    samples = [...samples, roundTripMs].slice(-SAMPLES);
  };

  const answered = (startedAt: number): void => {
    measured(performance.now() - startedAt);
    received();
  };

  return {
    received,
    measured,
    timeoutMs,
    during: async (run) => {
      const mine = socketNumber;
      const startedAt = performance.now();
      outstanding += 1;
      startTimer();
      try {
        const result = await run();
        if (mine === socketNumber) answered(startedAt);
        return result;
      } catch (error) {
        if (mine === socketNumber && toApiError(error).code !== "network") answered(startedAt);
        throw error;
      } finally {
        if (mine === socketNumber) {
          outstanding -= 1;
          if (outstanding === 0) stopTimer();
        }
      }
    },
    reset: () => {
      socketNumber += 1;
      outstanding = 0;
      isStalled = false;
      stopTimer();
    },
  };
}
