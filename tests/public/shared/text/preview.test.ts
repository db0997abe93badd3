import { describe, expect, it } from "vitest";
import { cacheUsers } from "../../../../public/src/features/people/user-cache.ts";
import { foundPreviewOf, previewOf } from "../../../../public/src/shared/text/preview.ts";

const TOM = "0190b6a0-0000-7000-8000-00000000000a";

describe("preview of a message", () => {
  it.each([
    ["It runs on my machine, **no more excuses**", "It runs on my machine, no more excuses"],
    ["> quoted\n\nand answered", "quoted and answered"],
    ["```js\nconst next = 1;\n```", "const next = 1;"],
    ["- milk\n- *bread*", "milk bread"],
    ["see [the rules](https://example.org/rules)", "see the rules"],
    ["2 * 3 * 4 = 24", "2 * 3 * 4 = 24"],
    ["一行目\n二行目", "一行目 二行目"],
    ["", ""],
    ["```js\nconst next = 1;…", "const next = 1;…"],
    ["It runs on **my mach…", "It runs on my mach…"],
    ["It runs on **my machine**, with `npm sta…", "It runs on my machine, with npm sta…"],
    ["Ask <@0190b6a0-0000-70…", "Ask…"],
  ])("is the text of %j on one line, without Markdown syntax", (text, words) => {
    expect(previewOf(text)).toBe(words);
  });

  it("shows mentions by id and by username as display names, and leaves unknown usernames unchanged", () => {
    cacheUsers([{ id: TOM, displayName: "Tom Fischer", username: "tom" }]);
    expect(previewOf(`Are you there, <@${TOM}>?`)).toBe("Are you there, @Tom Fischer?");
    expect(previewOf("Are you there, @tom?", [TOM])).toBe("Are you there, @Tom Fischer?");
    expect(previewOf("Are you there, @tom and @nobody.here?")).toBe("Are you there, @Tom Fischer and @nobody.here?");
  });
});

/** Returns a preview with the search highlights in brackets. */
const found = (excerpt: string, word: string): string => {
  const highlights = [...excerpt.matchAll(new RegExp(word, "g"))].map(({ index }) => ({ start: index, end: index + word.length }));
  return foundPreviewOf({ excerpt, highlights, mentions: [] })
    .map(({ text, isFound }) => (isFound ? `[${text}]` : text))
    .join("");
};

describe("preview of a search result", () => {
  it.each([
    ["> It runs\n\n**no more excuses**, no", "no", "It runs [no] more excuses, [no]"],
    ["```js\nconst next = 1;\n```", "next", "const [next] = 1;"],
    ["**next**", "next", "[next]"],
    ["…ext to the *next one…", "next", "…ext to the *[next] one…"],
    ["see [the rules](https://example.org/rules)", "rules", "see the [rules]"],
    ["ask @rules.of.two about rules", "rules", "ask @rules.of.two about [rules]"],
  ])("shows %j without Markdown syntax, and %j highlighted", (excerpt, word, expected) => {
    expect(found(excerpt, word)).toBe(expected);
  });
});
