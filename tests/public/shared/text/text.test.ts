import { describe, expect, it } from "vitest";
import { graphemesOf, isPictorial } from "../../../../public/src/shared/text/pictorial.ts";

describe("graphemes", () => {
  it("are counted as user-perceived characters", () => {
    expect(graphemesOf("e\u0301")).toBe(1);
    expect(graphemesOf("👩‍👩‍👧🇧🇷")).toBe(2);
    expect(graphemesOf("नमस्ते")).toBeLessThan(6);
  });

  it("are shown large if a message is one to three emoji and nothing else", () => {
    expect(["👋", "👋🎉", "❤️", "👩‍👩‍👧 🇧🇷"].map(isPictorial)).toEqual([true, true, true, true]);
    expect(["12", "hi 👋", "#", "", "👋👋👋👋"].map(isPictorial)).toEqual([false, false, false, false, false]);
  });
});
