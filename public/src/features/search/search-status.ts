/**
 * What the view shows instead of results: a search that failed, or covered only a part of the time range, is not the same as no matches.
 */
export type Finding = "busy" | "failed" | "partial" | "none";

/** Returns what to show about the last search apart from its results; null while it runs and if it has some. */
export function findingOf(state: { phase: string; code: string | undefined; count: number; hasMore: boolean }): Finding | null {
  if (state.phase === "failed") return state.code === "unavailable" ? "busy" : "failed";
  if (state.phase !== "done" || state.count > 0) return null;
  return state.hasMore ? "partial" : "none";
}
