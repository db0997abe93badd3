import { limits } from "../../contract/limits.ts";
import type { BeatWithHeadsDto } from "../../contract/schemas/presence.ts";

export type Heads = BeatWithHeadsDto["heads"];

export type HeartbeatOptions = {
  beat(timeoutMs: number): Promise<BeatWithHeadsDto>;
  /** The line does not answer: a new one is needed. */
  broken(): void;
  isDown(): boolean;
  /** For how long silence is normal on this line, in ms. */
  patienceMs(): number;
};

/** The heartbeat: says one is here, hears the newest number of every room, and notices a dead line. */
export type Heartbeat = {
  start(): void;
  stop(): void;
  /** Says now what would be said later. */
  beat(): Promise<void>;
  /** Something went unanswered: proves the line within 3 s (longer if it is known to be slow), or has a new one opened. */
  probe(): Promise<void>;
  /** Hears the heads of every beat. Answers how to stop. */
  onHeads(hear: (heads: Heads) => void): () => void;
};

const PROBE_MS = 3_000;
const DEAD_MS = 10_000;
const TICK_MS = 4_000;
const SLEPT_MS = 12_000;

export function createHeartbeat(parts: HeartbeatOptions): Heartbeat {
  const hearers = new Set<(heads: Heads) => void>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isProbing = false;

  const beat = async (timeoutMs: number): Promise<void> => {
    if (parts.isDown()) return;
    try {
      const { heads } = await parts.beat(timeoutMs);
      for (const hear of hearers) hear(heads);
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
      await beat(Math.max(PROBE_MS, parts.patienceMs()));
      isProbing = false;
    },
    onHeads: (hear) => {
      hearers.add(hear);
      return () => hearers.delete(hear);
    },
  };
}

/** Tells when the machine has slept: its clock jumped. Answers how to stop. */
export function watchSleep(woke: () => void): () => void {
  let lastTickAt = Date.now();
  const timer = setInterval(() => {
    const now = Date.now();
    if (now - lastTickAt > SLEPT_MS) woke();
    lastTickAt = now;
  }, TICK_MS);
  return () => clearInterval(timer);
}
