import { randomFillSync } from "node:crypto";
import { v7 } from "uuid";

const RANDOM_BYTES = 16;

/** Asking the system for 16 bytes costs as much as for thousands: they are drawn in bulk and each used once. */
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

/** A new identifier: UUID version 7 (RFC 9562), so that ids sort by the time they were made. */
export const newId = (): string => v7({ rng: random });
