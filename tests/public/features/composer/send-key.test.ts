import { describe, expect, it } from "vitest";
import { sends } from "../../../../public/src/features/composer/send-key.ts";

const enter = { key: "Enter", isComposing: false, keyCode: 13, shiftKey: false, altKey: false, ctrlKey: false, metaKey: false };

describe("send key", () => {
  it("is Enter; Shift+Enter inserts a line break", () => {
    expect(sends(enter, true)).toBe(true);
    expect(sends({ ...enter, shiftKey: true }, true)).toBe(false);
    expect(sends({ ...enter, key: "a" }, true)).toBe(false);
  });

  it("is Ctrl+Enter or ⌘+Enter if Enter is configured to insert line breaks", () => {
    expect(sends(enter, false)).toBe(false);
    expect(sends({ ...enter, ctrlKey: true }, false)).toBe(true);
    expect(sends({ ...enter, metaKey: true }, false)).toBe(true);
  });

  it("ignores the Enter of an input method", () => {
    for (const enterSends of [true, false]) {
      expect(sends({ ...enter, isComposing: true, ctrlKey: true }, enterSends)).toBe(false);
      expect(sends({ ...enter, keyCode: 229, ctrlKey: true }, enterSends)).toBe(false);
    }
  });
});
