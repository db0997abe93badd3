import { describe, expect, it } from "vitest";
import { findingOf } from "../../../../public/src/features/search/search-status.ts";

const done = { phase: "done", code: undefined, count: 0, hasMore: false };

describe("status text of a search", () => {
  it.each<[string, Parameters<typeof findingOf>[0], ReturnType<typeof findingOf>]>([
    ["is none after a complete search without results", done, "none"],
    ["is partial after an incomplete search without results", { ...done, hasMore: true }, "partial"],
    ["is busy if the server was unavailable", { ...done, phase: "failed", code: "unavailable" }, "busy"],
    ["is busy if the server was unavailable for a further page", { ...done, phase: "failed", code: "unavailable", count: 3 }, "busy"],
    ["is failed after any other error", { ...done, phase: "failed", code: "network" }, "failed"],
    ["is empty if there are results", { ...done, count: 3, hasMore: true }, null],
    ["is empty during the search", { ...done, phase: "searching" }, null],
  ])("%s", (_, state, wanted) => {
    expect(findingOf(state)).toBe(wanted);
  });
});
