import { describe, expect, it } from "vitest";
import { findingOf } from "../../../../public/src/features/search/search-status.ts";

const done = { phase: "done", code: undefined, count: 0, hasMore: false };

describe("what the page says about a search", () => {
  it.each<[string, Parameters<typeof findingOf>[0], ReturnType<typeof findingOf>]>([
    ["that looked everywhere and found nothing is that there is nothing", done, "none"],
    ["that looked at a part of the time is that there is nothing so far", { ...done, hasMore: true }, "partial"],
    ["that the server had no time for is that it is busy", { ...done, phase: "failed", code: "unavailable" }, "busy"],
    ["that had no time for a further page is that it is busy", { ...done, phase: "failed", code: "unavailable", count: 3 }, "busy"],
    ["that failed otherwise is that it failed", { ...done, phase: "failed", code: "network" }, "failed"],
    ["that found something is nothing beside it", { ...done, count: 3, hasMore: true }, null],
    ["that is running is nothing yet", { ...done, phase: "searching" }, null],
  ])("%s", (_, state, wanted) => {
    expect(findingOf(state)).toBe(wanted);
  });
});
