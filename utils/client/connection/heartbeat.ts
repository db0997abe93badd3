import { limits } from "../../contract/limits.ts";
import type { BeatWithHeadsDto } from "../../contract/schemas/presence.ts";

export type Heads = BeatWithHeadsDto["heads"];

export type HeartbeatOptions = {
  beat(timeoutMs: number): Promise<BeatWithHeadsDto>;
  /** Called if the server does not respond and a new connection is needed. */
  broken(): void;
  isDown(): boolean;
  /** Returns how long this connection may normally be silent, in ms. */
  timeoutMs(): number;
};

/** The heartbeat: reports presence, receives the newest sequence number of every room, and detects a dead connection. */
export type Heartbeat = {
  start(): void;
  stop(): void;
  /** Sends a heartbeat now. */
  beat(): Promise<void>;
  /**
   * Checks the connection after a missing response: requests a new connection unless a heartbeat is acknowledged within 3 s (longer on a
   * slow connection).
   */
  probe(): Promise<void>;
  /** Calls the listener with the heads of every heartbeat. Returns a function that unsubscribes. */
  onHeads(listener: (heads: Heads) => void): () => void;
};

const PROBE_MS = 3_000;
const DEAD_MS = 10_000;
const TICK_MS = 4_000;
const SLEEP_GAP_MS = 12_000;

/** Creates a heartbeat, which is stopped at first. */
export function createHeartbeat(parts: HeartbeatOptions): Heartbeat {
  const listeners = new Set<(heads: Heads) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isProbing = false;

  const beat = async (timeoutMs: number): Promise<void> => {
    if (parts.isDown()) return;
    try {
      const { heads } = await parts.beat(timeoutMs);
      for (const listener of listeners) listener(heads);
    } catch {
      if (!parts.isDown()) parts.broken();
    }
  };

  const schedule = (): void => {
    clearTimeout(timer);
    const mine = setTimeout(
      () => {
        void beat(DEAD_MS).then(() => timer === mine && schedule());
      },
      limits.heartbeatMs * (0.9 + Math.random() * 0.2),
    );
    timer = mine;
  };

  return {
    start: schedule,
    stop: () => {
      clearTimeout(timer);
      timer = undefined;
    },
    beat: () => beat(DEAD_MS),
    probe: async () => {
      if (isProbing) return;
      if (parts.isDown()) return parts.broken();
      isProbing = true;
      await beat(Math.max(PROBE_MS, parts.timeoutMs()));
      isProbing = false;
    },
    onHeads: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Calls `onWake` when the machine has been asleep, which is detected by a jump of the clock. Returns a function that stops watching. */
export function watchSleep(onWake: () => void): () => void {
  let lastTickAt = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - lastTickAt > SLEEP_GAP_MS) onWake();
    lastTickAt = now;
  }, TICK_MS);
  return () => clearInterval(timer);
}
