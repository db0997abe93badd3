import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../public/src/styles/", import.meta.url));

/** Returns every selector of a style sheet, without comments, at-rules and commas inside parentheses. */
function selectorsIn(css: string): string[] {
  const rules = css.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{};]+)\{/g);
  return [...rules]
    .map(([, head = ""]) => head.trim())
    .filter((head) => !head.startsWith("@"))
    .flatMap((head) => head.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim().replace(/\s+/g, " "));
}

/** Returns the compound selectors that follow a `+` or `~`. */
const afterSibling = (selector: string): string[] => [...selector.matchAll(/[+~] ([^ >+~]+)/g)].map(([, compound = ""]) => compound);

const isOnDocument = (selector: string): boolean => /(^|[ (])(:root|html|body|\[data-[a-z]+[^\]]*\])[^ ]*:has\(/.test(selector);

/** Returns what makes the browser restyle a whole list when one row is added or removed (Chromium's style invalidation sets). */
function costsOf(selector: string): string[] {
  return [
    ...(afterSibling(selector).some((compound) => !compound.includes(".")) ? ["a sibling that is not named by a class"] : []),
    ...(isOnDocument(selector) ? [":has() on the document"] : []),
    ...(/(^|[ >+~]):nth-/.test(selector) ? [":nth-child() of any element"] : []),
  ];
}

/** Rules that apply only in print; on a screen the browser does not evaluate them. */
const isPrinted = (selector: string): boolean => selector.startsWith("body:has(.printed)");

describe("the selectors of the style sheets", () => {
  it("never make the browser restyle the message list when one message is added or removed", async () => {
    const files = (await readdir(folder, { recursive: true })).filter((file) => file.endsWith(".css"));
    const found = await Promise.all(
      files.map(async (file) =>
        selectorsIn(await readFile(join(folder, file), "utf8"))
          .filter((selector) => costsOf(selector).length > 0 && !isPrinted(selector))
          .map((selector) => `${file}: ${selector}: ${costsOf(selector).join(", ")}`),
      ),
    );
    expect(files.length).toBeGreaterThan(10);
    expect(found.flat()).toEqual([]);
  });

  it.each([
    [".lounge-why > p + *", "a sibling that is not named by a class"],
    [".choice > :checked + span", "a sibling that is not named by a class"],
    [":root:has(input:checked)", ":has() on the document"],
    ["[data-short]:has(.field:focus) .bar", ":has() on the document"],
    [".switch > :nth-child(2)", ":nth-child() of any element"],
  ])("%s is one that would", (selector, cost) => {
    expect(costsOf(selector)).toEqual([cost]);
  });
});
