import { describe, expect, it } from "vitest";
import { ar } from "../../../utils/contract/error-messages/ar.ts";
import { de } from "../../../utils/contract/error-messages/de.ts";
import { en } from "../../../utils/contract/error-messages/en.ts";
import { es } from "../../../utils/contract/error-messages/es.ts";
import { fr } from "../../../utils/contract/error-messages/fr.ts";
import { ja } from "../../../utils/contract/error-messages/ja.ts";
import { pt } from "../../../utils/contract/error-messages/pt.ts";
import { errorCodes } from "../../../utils/contract/errors.ts";
import { detailOf } from "../../../utils/text/error-details.ts";
import { unavailableDetails } from "../../../utils/text/unavailable-details.ts";

const all = { ar, de, en, es, fr, ja, pt };

describe("localized error details", () => {
  it.each(Object.entries(all))("are one or two distinct sentences for every code, in %s", (_, words) => {
    expect(Object.keys(words).sort()).toEqual([...errorCodes].sort());
    const sentences = Object.values(words);
    expect(new Set(sentences).size).toBe(sentences.length);
    for (const sentence of sentences) expect(sentence).toMatch(/^\S.{5,150}[.。]$/u);
  });

  it("are translated, not copied from English", () => {
    for (const [language, words] of Object.entries(all)) {
      if (language === "en") continue;
      const copied = errorCodes.filter((code) => words[code] === en[code]);
      expect(copied).toEqual([]);
    }
  });
});

it("a server that is stopping, busy or otherwise unavailable: returns a distinct detail in every language", () => {
  const sentences = Object.entries(all).flatMap(([language, words]) => [
    ...Object.values(unavailableDetails[language as keyof typeof all]),
    words.unavailable,
  ]);
  expect(new Set(sentences).size).toBe(3 * Object.keys(all).length);
  for (const sentence of sentences) expect(sentence).toMatch(/^\S.{5,150}[.。]$/u);
});

describe("negotiating the language of an error", () => {
  it.each([
    ["", en],
    ["de", de],
    ["pt-BR", pt],
    ["JA-jp", ja],
    ["es-419,es;q=0.9", es],
    ["xx, fr;q=0.3, de;q=0.7", de],
    ["fr;q=0.5, ar;q=0.5", fr],
    ["en;q=0.1, ar", ar],
    ["de;q=0, fr;q=0.1", fr],
    ["de;q=0", en],
    ["fr ; q=0.8 , es ; q=0.9", es],
    ["*", en],
    ["*;q=0.1, de;q=0.2", de],
    ["zh-Hant-TW, zh;q=0.9, ja;q=0.1", ja],
    ["zh-CN, zh;q=0.9", en],
    // The region of the first tag does not lower its weight to that of the language alone.
    ["en-GB, de;q=0.9, en;q=0.8", en],
    ["de-AT, en", de],
  ])("selects the language for Accept-Language %j", (header, words) => {
    expect(detailOf("not_found", header)).toBe(words.not_found);
  });

  it.each([
    ["names of the prototype", "__proto__, constructor, toString, hasOwnProperty"],
    ["a weight that is no number", "de;q=nonsense"],
    ["a negative weight", "de;q=-1"],
    ["nothing but commas", ",".repeat(100_000)],
    ["nothing but semicolons", ";".repeat(100_000)],
    ["nothing but spaces and hyphens", `${" ".repeat(50_000)}${"-".repeat(50_000)}`],
    ["a tag without end", "d".repeat(100_000)],
    ["control characters", "de\r\nX-Injected: 1"],
    ["no text at all", "\0\u{1F480}\uD800"],
    ["a path", "../../../../etc/passwd"],
  ])("falls back to English on a hostile header: %s", (_, header) => {
    const startedAt = performance.now();
    expect(detailOf("internal", header)).toBe(en.internal);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });

  it.each([
    ["a weight above one", "fr, de;q=7"],
    ["a weight without end", `de;q=0.${"9".repeat(10_000)}`],
  ])("reads an invalid weight as a number: %s", (_, header) => {
    const startedAt = performance.now();
    expect(detailOf("internal", header)).toBe(de.internal);
    expect(performance.now() - startedAt).toBeLessThan(50);
  });

  it("skips unreadable entries and uses the others", () => {
    expect(detailOf("internal", "<script>, de;q=oops, fr;q=0.4")).toBe(fr.internal);
  });
});
