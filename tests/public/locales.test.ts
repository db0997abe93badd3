import { describe, expect, it } from "vitest";
import { ar as accountAr } from "../../public/src/locales/account/ar.ts";
import { de as accountDe } from "../../public/src/locales/account/de.ts";
import { type AccountTexts, en as accountEn } from "../../public/src/locales/account/en.ts";
import { es as accountEs } from "../../public/src/locales/account/es.ts";
import { fr as accountFr } from "../../public/src/locales/account/fr.ts";
import { ja as accountJa } from "../../public/src/locales/account/ja.ts";
import { pt as accountPt } from "../../public/src/locales/account/pt.ts";
import { ar } from "../../public/src/locales/ar.ts";
import { de } from "../../public/src/locales/de.ts";
import { en, type Texts } from "../../public/src/locales/en.ts";
import { es } from "../../public/src/locales/es.ts";
import { fr } from "../../public/src/locales/fr.ts";
import { ar as inboxAr } from "../../public/src/locales/inbox/ar.ts";
import { de as inboxDe } from "../../public/src/locales/inbox/de.ts";
import { type InboxTexts, en as inboxEn } from "../../public/src/locales/inbox/en.ts";
import { es as inboxEs } from "../../public/src/locales/inbox/es.ts";
import { fr as inboxFr } from "../../public/src/locales/inbox/fr.ts";
import { ja as inboxJa } from "../../public/src/locales/inbox/ja.ts";
import { pt as inboxPt } from "../../public/src/locales/inbox/pt.ts";
import { ja } from "../../public/src/locales/ja.ts";
import { ar as notifyAr } from "../../public/src/locales/notifications/ar.ts";
import { de as notifyDe } from "../../public/src/locales/notifications/de.ts";
import { type NotifyTexts, en as notifyEn } from "../../public/src/locales/notifications/en.ts";
import { es as notifyEs } from "../../public/src/locales/notifications/es.ts";
import { fr as notifyFr } from "../../public/src/locales/notifications/fr.ts";
import { ja as notifyJa } from "../../public/src/locales/notifications/ja.ts";
import { pt as notifyPt } from "../../public/src/locales/notifications/pt.ts";
import { pt } from "../../public/src/locales/pt.ts";
import { ar as talkAr } from "../../public/src/locales/room/ar.ts";
import { de as talkDe } from "../../public/src/locales/room/de.ts";
import { type RoomTexts, en as talkEn } from "../../public/src/locales/room/en.ts";
import { es as talkEs } from "../../public/src/locales/room/es.ts";
import { fr as talkFr } from "../../public/src/locales/room/fr.ts";
import { ja as talkJa } from "../../public/src/locales/room/ja.ts";
import { pt as talkPt } from "../../public/src/locales/room/pt.ts";
import { errorCodes } from "../../utils/contract/errors.ts";
import { expectPluralsOf, expectSameSlots, slots } from "../support/page/locale-texts.ts";

const languages: Record<string, Texts> = { en, es, pt, de, fr, ja, ar };
const ofAccounts: Record<string, AccountTexts> = {
  en: accountEn,
  es: accountEs,
  pt: accountPt,
  de: accountDe,
  fr: accountFr,
  ja: accountJa,
  ar: accountAr,
};
const ofTalk: Record<string, RoomTexts> = {
  en: talkEn,
  es: talkEs,
  pt: talkPt,
  de: talkDe,
  fr: talkFr,
  ja: talkJa,
  ar: talkAr,
};
const ofInbox: Record<string, InboxTexts> = {
  en: inboxEn,
  es: inboxEs,
  pt: inboxPt,
  de: inboxDe,
  fr: inboxFr,
  ja: inboxJa,
  ar: inboxAr,
};
const ofNotify: Record<string, NotifyTexts> = {
  en: notifyEn,
  es: notifyEs,
  pt: notifyPt,
  de: notifyDe,
  fr: notifyFr,
  ja: notifyJa,
  ar: notifyAr,
};

describe.each(Object.entries(languages))("UI texts in %s", (code, words) => {
  it("have the same placeholders as the English texts", () => {
    for (const [key, text] of Object.entries(en.phrases))
      expect([key, slots(words.phrases[key as keyof typeof words.phrases])]).toEqual([key, slots(text)]);
  });

  it("have a form for every plural category of the language, or the generic one", () => {
    for (const [key, forms] of Object.entries(words.counted)) {
      const [english] = Object.entries(en.counted)
        .filter(([name]) => name === key)
        .map(([, found]) => found.other);
      expect([key, slots(forms.other)]).toEqual([key, slots(english ?? "")]);
      const known = new Set<string>(new Intl.PluralRules(code).resolvedOptions().pluralCategories);
      expect(Object.keys(forms).filter((form) => !known.has(form))).toEqual([]);
    }
  });

  it("cover every error code, and none is empty", () => {
    // An error code or the English text here means that a translation is missing.
    for (const error of errorCodes) {
      expect(words.errors[error].trim()).not.toBe("");
      expect(words.errors[error]).not.toBe(code === "en" ? error : en.errors[error]);
    }
    for (const text of Object.values(words.phrases)) expect(text.trim()).not.toBe("");
  });

  it("contain no exclamation marks", () => {
    expect(JSON.stringify(words)).not.toMatch(/[!！]/);
  });

  it("suggest twelve guest names within the length limit", () => {
    const nouns = words.phrases.guestNouns.split(",");
    expect(new Set(nouns).size).toBe(12);
    for (const noun of nouns) expect(`${noun} 999`.length).toBeLessThanOrEqual(32);
  });
});

describe.each(Object.entries(ofAccounts))("account texts in %s", (code, words) => {
  it("have the same placeholders as the English texts, and none is empty", () => {
    expectSameSlots(words, accountEn);
  });

  it("have a form for every plural category of the language, or the generic one", () => {
    const known = new Set<string>(new Intl.PluralRules(code).resolvedOptions().pluralCategories);
    for (const forms of Object.values(words.counted)) {
      for (const form of Object.values(forms)) expect(slots(form)).toEqual(["count"]);
      expect(Object.keys(forms).filter((form) => !known.has(form))).toEqual([]);
    }
  });

  it("contain no exclamation marks", () => {
    expect(JSON.stringify(words)).not.toMatch(/[!！]/);
  });
});

describe.each([
  ...Object.entries(ofTalk).map(([code, words]) => ({ about: "messages", code, words, english: talkEn })),
  ...Object.entries(ofInbox).map(([code, words]) => ({ about: "conversations", code, words, english: inboxEn })),
  ...Object.entries(ofNotify).map(([code, words]) => ({ about: "notifications", code, words, english: notifyEn })),
])("texts about $about in $code", ({ code, words, english }) => {
  it("have the same placeholders as the English texts, and none is empty", () => {
    expect(Object.keys(words.phrases).sort()).toEqual(Object.keys(english.phrases).sort());
    expectSameSlots(words, english);
  });

  it("have only plural categories of the language, and contain no exclamation marks", () => {
    expectPluralsOf(code, words);
  });
});
