import { limits } from "../../../utils/contract/limits.ts";
import type { BeatWithHeadsDto } from "../../../utils/contract/presence.ts";

type Parts = {
  beat: (status: "online" | "away", timeoutMs: number) => Promise<BeatWithHeadsDto>;
  broken: () => void;
  isDown: () => boolean;
};

const PROBE_MS = 3_000;
const DEAD_MS = 10_000;

let parts: Parts | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastTouchAt = Date.now();
let lastTickAt = Date.now();
let isProbing = false;
const hearers = new Set<(heads: BeatWithHeadsDto["heads"]) => void>();

const status = (): "online" | "away" => (Date.now() - lastTouchAt > limits.awayAfterMs ? "away" : "online");

async function beat(timeoutMs: number): Promise<void> {
  if (!parts || parts.isDown()) return;
  try {
    const { heads } = await parts.beat(status(), timeoutMs);
    for (const hear of hearers) hear(heads);
  } catch {
    if (!parts.isDown()) parts.broken();
  }
}

/** Proves the line within 3 s, or has a new one opened. */
async function probe(): Promise<void> {
  if (!parts || isProbing) return;
  if (parts.isDown()) return parts.broken();
  isProbing = true;
  await beat(PROBE_MS);
  isProbing = false;
}

const schedule = (): void => {
  clearTimeout(timer);
  timer = setTimeout(() => void beat(DEAD_MS).then(schedule), limits.heartbeatMs * (0.9 + Math.random() * 0.2));
};

/** The heartbeat: says one is here, hears the newest number of every joined room, and notices a dead line. */
export const pulse = {
  configure: (given: Parts): void => {
    parts = given;
  },
  start: schedule,
  stop: (): void => clearTimeout(timer),
  /** Something went unanswered: prove the line now. */
  doubt: probe,
  /** Hears the heads of every beat. Answers how to stop. */
  onHeads: (hear: (heads: BeatWithHeadsDto["heads"]) => void): (() => void) => {
    hearers.add(hear);
    return () => hearers.delete(hear);
  },
};

const touched = (): void => {
  const wasAway = status() === "away";
  lastTouchAt = Date.now();
  if (wasAway) void beat(DEAD_MS);
};
for (const name of ["pointerdown", "keydown", "scroll"]) window.addEventListener(name, touched, { passive: true, capture: true });

document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  touched();
  if (parts && !parts.isDown()) void probe();
  else parts?.broken();
});

// A clock that jumped means the machine slept.
setInterval(() => {
  const now = Date.now();
  if (now - lastTickAt > 12_000) void probe();
  lastTickAt = now;
}, 4_000);
