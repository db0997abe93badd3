import { describe, expect, it } from "vitest";
import { everyEmoji, groupNames, groups } from "../../public/src/emoji/list.ts";
import { ar } from "../../public/src/emoji/names/ar.ts";
import { de } from "../../public/src/emoji/names/de.ts";
import { en } from "../../public/src/emoji/names/en.ts";
import { es } from "../../public/src/emoji/names/es.ts";
import { fr } from "../../public/src/emoji/names/fr.ts";
import { ja } from "../../public/src/emoji/names/ja.ts";
import { pt } from "../../public/src/emoji/names/pt.ts";

describe("emoji picker", () => {
  it("lists each emoji once, as a single grapheme", () => {
    expect(new Set(everyEmoji).size).toBe(everyEmoji.length);
    const segmenter = new Intl.Segmenter("en", { granularity: "grapheme" });
    expect(everyEmoji.filter((emoji) => [...segmenter.segment(emoji)].length !== 1)).toEqual([]);
  });

  it.each(Object.entries({ en, de, es, fr, pt, ja, ar }))("has a name for every emoji in %s, group by group", (_, names) => {
    const lines = names.trim().split("\n");
    expect(lines.map((line) => line.split("|").length)).toEqual(groupNames.map((name) => groups[name].split(" ").length));
    expect(names.split(/[|\n]/).filter((entry) => entry.split("/")[0]?.trim() === "").length).toBe(1);
  });
});
