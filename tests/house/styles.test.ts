import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("../../public/src/styles/", import.meta.url));

/** Every selector of a style sheet, without comments, at-rules and the commas inside of parentheses. */
function selectorsIn(css: string): string[] {
  const rules = css.replace(/\/\*.*?\*\//gs, "").matchAll(/([^{};]+)\{/g);
  return [...rules]
    .map(([, head = ""]) => head.trim())
    .filter((head) => !head.startsWith("@"))
    .flatMap((head) => head.split(/,(?![^(]*\))/))
    .map((selector) => selector.trim().replace(/\s+/g, " "));
}

/** The compound selectors that follow a `+` or `~`. */
const afterSibling = (selector: string): string[] => [...selector.matchAll(/[+~] ([^ >+~]+)/g)].map(([, compound = ""]) => compound);

const isOnDocument = (selector: string): boolean => /(^|[ (])(:root|html|body|\[data-[a-z]+[^\]]*\])[^ ]*:has\(/.test(selector);

/** What makes the browser look at a whole list again when one row of it comes or goes (Chromium's style invalidation sets). */
function costsOf(selector: string): string[] {
  return [
    ...(afterSibling(selector).some((compound) => !compound.includes(".")) ? ["a sibling that is not named by a class"] : []),
    ...(isOnDocument(selector) ? [":has() on the document"] : []),
    ...(/(^|[ >+~]):nth-/.test(selector) ? [":nth-child() of any element"] : []),
  ];
}

/** Rules for paper alone: on a screen the browser does not evaluate them. */
const isPrinted = (selector: string): boolean => selector.startsWith("body:has(.printed)");

describe("the selectors of the page's styles", () => {
  it("never make the browser restyle the message list because one message came or went", async () => {
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
  ])("%s is one that does", (selector, cost) => {
    expect(costsOf(selector)).toEqual([cost]);
  });
});
