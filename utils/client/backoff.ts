/** A source of numbers from 0 up to, not including, 1; `Math.random` but in tests. */
export type Random = () => number;

const BASE_MS = 500;
const LONGEST_MS = 30_000;

/**
 * Returns how long to wait before the next try, in ms: exponential backoff with full jitter, so that clients which failed at the same
 * moment do not come back at the same moment.
 * @param failures tries that have failed since the last success, without this one; 0 for the first wait
 * @param atLeastMs what the server asked for (`retryAfterMs`); the jitter comes on top, for it asks many clients for the same
 */
export function backoffMs(failures: number, { atLeastMs = 0, random = Math.random }: { atLeastMs?: number; random?: Random } = {}): number {
  return atLeastMs + random() * Math.min(LONGEST_MS, BASE_MS * 2 ** failures);
}
