/** A source of numbers from 0 (inclusive) to 1 (exclusive); `Math.random` except in tests. */
export type Random = () => number;

const BASE_MS = 500;
const LONGEST_MS = 30_000;

type Backoff = { readonly atLeastMs?: number; readonly longestMs?: number; readonly random?: Random };

/**
 * Returns the delay before the next retry in ms: exponential backoff with full jitter, so that clients that failed at the same time do not
 * retry at the same time.
 * @param failures number of failed attempts since the last success, not counting this one; 0 for the first delay
 * @param atLeastMs delay requested by the server (`retryAfterMs`); the jitter is added to it, because the server requests the same delay
 * from many clients
 * @param longestMs bound of the jitter; lower where the user is looking at an empty page
 */
export function backoffMs(failures: number, { atLeastMs = 0, longestMs = LONGEST_MS, random = Math.random }: Backoff = {}): number {
  return atLeastMs + random() * Math.min(longestMs, BASE_MS * 2 ** failures);
}
