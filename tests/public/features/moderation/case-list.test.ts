import { describe, expect, it } from "vitest";
import {
  type Filters,
  isListed,
  neighbour,
  noFilters,
  withCase,
  withPage,
} from "../../../../public/src/features/moderation/queue/case-list.ts";
import type { CaseDto } from "../../../../utils/contract/schemas/moderation/cases.ts";

const at = (minute: number): string => `2026-11-21T18:${String(minute).padStart(2, "0")}:00.000Z`;

const caseWith = (number: number, over: Partial<CaseDto> = {}): CaseDto => ({
  id: `case-${number}`,
  number,
  kind: "report",
  target: { kind: "message", id: `message-${number}` },
  subject: null,
  loungeId: "lounge",
  roomId: "room",
  languageCode: "en",
  state: "open",
  version: 1,
  score: 10,
  reasons: [{ reason: "spam", count: 1 }],
  reportCount: 1,
  claimedBy: null,
  claimExpiresAt: null,
  outcome: null,
  createdAt: at(number),
  updatedAt: at(number),
  resolvedAt: null,
  ...over,
});

const numbers = (cases: readonly CaseDto[]): number[] => cases.map(({ number }) => number);

describe("list of cases", () => {
  it("orders cases by score and then by age, and adds a new one in its place", () => {
    const listed = withPage([], [caseWith(3), caseWith(1), caseWith(2, { score: 90 })], noFilters);
    expect(numbers(listed)).toEqual([2, 1, 3]);
    expect(numbers(withCase(listed, caseWith(4, { score: 50 }), noFilters))).toEqual([2, 4, 1, 3]);
  });

  it("keeps a claimed case in its place, and removes a decided one", () => {
    const listed = withPage([], [caseWith(1), caseWith(2)], noFilters);
    const claimed = withCase(listed, caseWith(1, { state: "claimed", version: 2 }), noFilters);
    expect(claimed.map(({ state }) => state)).toEqual(["claimed", "open"]);
    expect(numbers(withCase(claimed, caseWith(1, { state: "resolved", outcome: "dismissed", version: 3 }), noFilters))).toEqual([2]);
  });

  it("ignores a state that is older than the known one", () => {
    const listed = withCase([], caseWith(1, { state: "claimed", version: 3 }), noFilters);
    expect(withCase(listed, caseWith(1, { version: 2 }), noFilters)).toBe(listed);
  });

  it.each<[string, Partial<Filters>, number[]]>([
    ["kind", { kind: "held" }, [2]],
    ["reason", { reason: "scam" }, [3]],
    ["room", { roomId: "other" }, [4]],
    ["language", { languageCode: "de" }, [5]],
    ["state", { state: "resolved" }, [6]],
  ])("shows only cases that match the filter by %s", (_name, filter, expected) => {
    const all = [
      caseWith(1),
      caseWith(2, { kind: "held", reasons: [] }),
      caseWith(3, { reasons: [{ reason: "scam", count: 2 }] }),
      caseWith(4, { roomId: "other" }),
      caseWith(5, { languageCode: "de" }),
      caseWith(6, { state: "resolved" }),
    ];
    const filters = { ...noFilters, ...filter };
    expect(numbers(all.filter((one) => isListed(one, filters)))).toEqual(expected);
    expect(numbers(withPage([], all, filters))).toEqual(expected);
  });

  it("finds the next and the previous case, and the first one if none is open", () => {
    const listed = [caseWith(1), caseWith(2)];
    expect(neighbour(listed, null, 1)?.number).toBe(1);
    expect(neighbour(listed, "case-1", 1)?.number).toBe(2);
    expect(neighbour(listed, "case-2", -1)?.number).toBe(1);
    expect(neighbour(listed, "case-2", 1)).toBeNull();
  });
});
