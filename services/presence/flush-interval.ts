import { limits } from "../../utils/contract/limits.ts";

/** How many ms each additional person in a room adds to its flush interval; and the longest interval. */
const MS_OF_PERSON = 1.5;
const LONGEST_MS = 3_000;

/**
 * Whether the pending joins and leaves of a room are published in this flush; there is one every `gatherMs`. Larger rooms are flushed less
 * often: the cost then grows neither with the number of people nor with how often they join and leave.
 */
export function shouldFlush(roomId: string, people: number, flushCount: number): boolean {
  const ms = Math.min(LONGEST_MS, people * MS_OF_PERSON);
  const interval = Math.max(1, Math.floor(ms / limits.gatherMs));
  // Spread large rooms over the flushes, so that they are not all published at once.
  const offset = Number.parseInt(roomId.slice(-4), 16) || 0;
  return (flushCount + offset) % interval === 0;
}
