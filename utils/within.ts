import { AppError } from "./errors.ts";

/**
 * Waits for work, but only so long; the work itself goes on and its late result is dropped.
 * @throws AppError `unavailable` when the time is over
 */
export async function within<Value>(ms: number, work: Promise<Value> | Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AppError("unavailable", { retryAfterMs: 1_000 })), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
