import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const RANDOM_BYTES = 16;

/** Requesting 16 random bytes from the system costs as much as thousands, so they are drawn in bulk and each used once. */
const pool = Buffer.alloc(256 * RANDOM_BYTES);
let used = pool.length;

function random(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += RANDOM_BYTES;
  return pool.subarray(used - RANDOM_BYTES, used);
}

/** Returns a new identifier: UUID version 7 (RFC 9562), so that ids sort by creation time. */
export const newId = (): string => v7({ rng: random });

/** Returns the lowest identifier of version 7 that can be created at a time or after it. */
export function idAt(time: Date): string {
  const ms = Math.max(0, time.getTime()).toString(16).padStart(12, "0");
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7000-8000-000000000000`;
}
