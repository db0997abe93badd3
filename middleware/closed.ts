import type { Request } from "express";

/** Returns a signal that aborts when the response has been sent or the connection was closed, because further work is useless then. */
export function closedSignal({ res }: Request): AbortSignal {
  const controller = new AbortController();
  if (res === undefined || res.closed) controller.abort();
  else res.once("close", () => controller.abort());
  return controller.signal;
}
