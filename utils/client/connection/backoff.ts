/** A source of numbers from 0 up to, not including, 1; `Math.random` but in tests. */
export type Random = () => number;

const BASE_MS = 500;
const LONGEST_MS = 30_000;

type Backoff = { readonly atLeastMs?: number; readonly longestMs?: number; readonly random?: Random };

/**
 * Returns how long to wait before the next try, in ms: exponential backoff with full jitter, so that clients which failed at the same
 * moment do not come back at the same moment.
 * @param failures tries that have failed since the last success, without this one; 0 for the first wait
 * @param atLeastMs what the server asked for (`retryAfterMs`); the jitter comes on top, for it asks many clients for the same
 * @param longestMs the bound of the jitter; lower where somebody looks at an empty page meanwhile
 */
export function backoffMs(failures: number, { atLeastMs = 0, longestMs = LONGEST_MS, random = Math.random }: Backoff = {}): number {
  return atLeastMs + random() * Math.min(longestMs, BASE_MS * 2 ** failures);
}
