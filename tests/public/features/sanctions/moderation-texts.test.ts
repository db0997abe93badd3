import { describe, expect, it } from "vitest";
import { ar } from "../../../../public/src/locales/moderation/ar.ts";
import { de } from "../../../../public/src/locales/moderation/de.ts";
import { en, type ModerationTexts } from "../../../../public/src/locales/moderation/en.ts";
import { es } from "../../../../public/src/locales/moderation/es.ts";
import { fr } from "../../../../public/src/locales/moderation/fr.ts";
import { ja } from "../../../../public/src/locales/moderation/ja.ts";
import { pt } from "../../../../public/src/locales/moderation/pt.ts";
import { houseRules } from "../../../../utils/contract/schemas/moderation/actions.ts";
import { expectPluralsOf, expectSameSlots } from "../../../support/page/locale-texts.ts";

const languages: Record<string, ModerationTexts> = { en, es, pt, de, fr, ja, ar };

describe.each(Object.entries(languages))("texts about the moderation in %s", (code, words) => {
  it("have the same placeholders as the English texts, and none is empty", () => {
    expectSameSlots(words, en);
  });

  it("have only plural categories of the language, and contain no exclamation marks", () => {
    expectPluralsOf(code, words);
  });

  it("are translated, except for names that are the same in several languages", () => {
    const own: Record<string, string> = words.phrases;
    const same = Object.entries(en.phrases).filter(([key, text]) => own[key] === text);
    if (code !== "en") expect(same.length).toBeLessThan(12);
  });
});

describe("house rules", () => {
  it("each have a name and one sentence", () => {
    const own: Record<string, string> = en.phrases;
    const keyOf = (rule: string): string => `reason${rule.charAt(0).toUpperCase()}${rule.slice(1)}`;
    expect(new Set(houseRules.map((rule) => own[keyOf(rule)])).size).toBe(houseRules.length);
    for (const rule of houseRules) expect(own[`${keyOf(rule)}Hint`]).toMatch(/\.$/);
  });
});
