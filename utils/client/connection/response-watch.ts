import { limits } from "../../contract/limits.ts";
import { toApiError } from "../api-error.ts";

export type ResponseWatchParts = {
  /** Asks the server for a sign of life. */
  probe(): void;
  /** The server has not responded for too long. */
  stalled(): void;
  /** A server that was reported as stalled has responded. */
  resumed(): void;
};

/** Notices a server that keeps its socket open but does not respond, before the timeout of any single command. */
export type ResponseWatch = {
  /** Runs a command, and watches for as long as its response is outstanding. Rejects as the command does. */
  during<T>(run: () => Promise<T>): Promise<T>;
  /** Something arrived over the socket: the server is alive. */
  received(): void;
  /** Adds a measured round trip, in ms, from which the patience with this line is estimated. */
  measured(roundTripMs: number): void;
  /** Returns for how long silence is normal on this line, in ms. */
  patienceMs(): number;
  /** Forgets the outstanding commands of a socket that was closed. */
  reset(): void;
};

/** After this much silence a probe is sent, so that one slow command is not mistaken for a server that hangs. */
const PROBE_AFTER_MS = 2_000;
/** The time a probe has, and with it every other response, before the server counts as stalled. */
const PROBE_GRACE_MS = 900;
/** So many round trips are remembered. Their median ignores single slow commands. */
const SAMPLES = 5;

function medianOf(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}

/**
 * Creates the watch of one connection. A fast line is reported as stalled 2.9 s after the first unanswered command. On a slow line twice
 * the usual round trip passes first, up to the time after which commands fail by themselves.
 */
export function createResponseWatch(parts: ResponseWatchParts): ResponseWatch {
  let samples: number[] = [];
  let outstanding = 0;
  let socketNumber = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isStalled = false;

  const patienceMs = (): number => Math.min(limits.ackMs, Math.max(PROBE_AFTER_MS + PROBE_GRACE_MS, 2 * medianOf(samples)));

  const disarm = (): void => {
    clearTimeout(timer);
    timer = undefined;
  };

  const expire = (): void => {
    timer = undefined;
    isStalled = true;
    parts.stalled();
  };

  // The grace begins only when the first timer has run: a page that was busy or asleep gets to read what has arrived meanwhile.
  const arm = (): void => {
    if (timer !== undefined || isStalled) return;
    timer = setTimeout(() => {
      timer = setTimeout(expire, PROBE_GRACE_MS);
      parts.probe();
    }, patienceMs() - PROBE_GRACE_MS);
  };

  const received = (): void => {
    disarm();
    if (outstanding > 0) arm();
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
    ...{ received, measured, patienceMs },
    during: async (run) => {
      const mine = socketNumber;
      const startedAt = performance.now();
      outstanding += 1;
      arm();
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
          if (outstanding === 0) disarm();
        }
      }
    },
    reset: () => {
      socketNumber += 1;
      outstanding = 0;
      isStalled = false;
      disarm();
    },
  };
}
