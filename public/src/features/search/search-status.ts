/** What the view says instead of results: a search that looked at nothing, or at a part of the time only, has not found nothing. */
export type Finding = "busy" | "failed" | "partial" | "none";

/** What there is to say about the last search beside the messages it found; null while it runs and when it found some. */
export function findingOf(state: { phase: string; code: string | undefined; count: number; hasMore: boolean }): Finding | null {
  if (state.phase === "failed") return state.code === "unavailable" ? "busy" : "failed";
  if (state.phase !== "done" || state.count > 0) return null;
  return state.hasMore ? "partial" : "none";
}
