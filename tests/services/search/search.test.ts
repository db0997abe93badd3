import { describe, expect, it } from "vitest";
import { hasScanned } from "../../../services/search/search.ts";

const now = new Date("2026-11-29T16:01:28Z");
const id = "00000000-0000-0000-0000-000000000000";
const at = (time: string) => ({ ms: Date.parse(time), id });
const tomorrow = at("2026-11-30T16:01:28Z");

describe("hasScanned: whether a search that found nothing has read anything", () => {
  it("is false when the position did not move", () => {
    expect(hasScanned(tomorrow, tomorrow, now)).toBe(false);
  });

  it("is false when the position moved within the future, where no message exists", () => {
    expect(hasScanned(tomorrow, at("2026-11-30T16:00:00Z"), now)).toBe(false);
  });

  it("is true when the position reached the present, or the scan its end", () => {
    expect(hasScanned(tomorrow, at("2026-11-29T16:00:00Z"), now)).toBe(true);
    expect(hasScanned(tomorrow, null, now)).toBe(true);
  });

  it("is true when a later page moved on among older messages", () => {
    expect(hasScanned(at("2026-11-01T10:00:00Z"), at("2026-11-01T09:59:59Z"), now)).toBe(true);
  });
});
