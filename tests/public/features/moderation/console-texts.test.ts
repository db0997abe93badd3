import { describe, expect, it } from "vitest";
import { ar } from "../../../../public/src/locales/moderation/console/ar.ts";
import { de } from "../../../../public/src/locales/moderation/console/de.ts";
import { type ConsoleTexts, en } from "../../../../public/src/locales/moderation/console/en.ts";
import { es } from "../../../../public/src/locales/moderation/console/es.ts";
import { fr } from "../../../../public/src/locales/moderation/console/fr.ts";
import { ja } from "../../../../public/src/locales/moderation/console/ja.ts";
import { pt } from "../../../../public/src/locales/moderation/console/pt.ts";
import { expectPluralsOf, expectSameSlots } from "../../../support/page/locale-texts.ts";

const languages: Record<string, ConsoleTexts> = { en, es, pt, de, fr, ja, ar };

describe.each(Object.entries(languages))("texts of the moderators' console in %s", (code, words) => {
  it("have the same placeholders as the English texts, and none is empty", () => {
    const own: Record<string, string> = words.phrases;
    expect(Object.keys(own)).toEqual(Object.keys(en.phrases));
    expectSameSlots(words, en);
  });

  it("have only plural categories of the language, and contain no exclamation marks", () => {
    expectPluralsOf(code, words);
  });

  it("are translated", () => {
    if (code === "en") return;
    const same = Object.entries(en.phrases).filter(([key, text]) => (words.phrases as Record<string, string>)[key] === text);
    // Words that some languages share with English, such as "Spam" or "Server".
    expect(same.length).toBeLessThan(30);
  });
});
