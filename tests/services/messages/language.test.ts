import { expect, it } from "vitest";
import { languageOf } from "../../../services/messages/language.ts";

it.each([
  ["en", "en", "Does anyone know a quiet café near the old harbour?"],
  ["en", "de", "Guten Morgen zusammen, wie geht es euch heute?"],
  ["en", "es", "¿Alguien quiere practicar esta tarde conmigo?"],
  ["en", "fr", "Je ne sais pas encore ce que je vais faire demain"],
  ["en", "ja", "今日はとても寒いですね"],
  ["en", "zh", "今天天气很好，我们去公园吧"],
  ["en", "ko", "오늘 날씨가 정말 좋네요"],
  ["en", "th", "วันนี้อากาศดีมาก"],
  ["en", "ar", "كيف حالك اليوم يا صديقي"],
  ["de", "en", "I have been learning this for two years now"],
  ["pt-BR", "pt-BR", "bom dia pessoal, tudo bem com vocês?"],
  ["zh-Hant", "zh-Hant", "今天天氣很好，我們去公園吧"],
] as const)("in a room for %s, hears %s in: %s", async (room, language, text) => {
  expect(await languageOf(text, room)).toBe(language);
});

it.each([
  "ok",
  "haha",
  "lol 123",
  "👍👍👍",
  "https://example.org/guten/morgen/zusammen",
  "`const wert = 7`",
  "@jemand",
  "text 01931b2c-77aa-7c11-9d2e-a1b2c3d4e5f6",
])("takes %j, which could be any, for the room's own", async (text) => {
  expect(await languageOf(text, "pt-BR")).toBe("pt-BR");
  expect(await languageOf(text, null)).toBeNull();
});

it("looks no further than the beginning of a long text", async () => {
  const [start, text] = [performance.now(), "Guten Morgen zusammen. ".repeat(2_000)];
  expect(await languageOf(text, "en")).toBe("de");
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(await languageOf(`${"Guten Morgen zusammen. ".repeat(4)} ${"How are you all today? ".repeat(2_000)}`, "en")).toBe("de");
});

it("answers in the order of the questions, whether a text tells its language or not", async () => {
  const texts = [
    "Guten Morgen zusammen, wie geht es euch?",
    "ok",
    "今日はとても寒いですね",
    "haha",
    "Je ne sais pas encore ce que je vais faire",
  ];
  const answered: number[] = [];
  const found = await Promise.all(texts.map((text, at) => languageOf(text, "en").finally(() => answered.push(at))));
  expect(found).toEqual(["de", "en", "ja", "en", "fr"]);
  expect(answered).toEqual([0, 1, 2, 3, 4]);
});
