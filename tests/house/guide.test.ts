import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { wholeGuide } from "../../utils/contract/docs/guide.ts";
import { ROOT, readText } from "./sources.ts";

const PAGE = "docs/bots.md";
const BLOCK = /(<!-- guide:begin [^>]*-->\n)[\s\S]*?(<!-- guide:end -->)/;

it("docs/bots.md: states the rules for clients in the wording of the contract's guide", () => {
  const text = readText(PAGE);
  const wanted = text.replace(BLOCK, (_, begin: string, end: string) => `${begin}\n${wholeGuide()}\n\n${end}`);
  if (process.env.UPDATE_DOCS === "1") writeFileSync(join(ROOT, PAGE), wanted);
  expect(text).toMatch(BLOCK);
  expect(readText(PAGE)).toBe(wanted);
});
