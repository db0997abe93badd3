import { describe, expect, it } from "vitest";
import { detectLanguage } from "../../../../services/messages/text/language.ts";

/** Polls, because the worker thread may exceed the timeout while it starts or while other tests run. */
const expectLanguage = (text: string, room: string | null) => expect.poll(() => detectLanguage(text, room));

describe("detecting the language of a message", () => {
  it.each([
    ["en", "en", "Does anyone know a quiet café near the old harbour?"],
    ["en", "de", "Guten Morgen zusammen, wie geht es euch heute?"],
    ["en", "es", "¿Alguien quiere practicar esta tarde conmigo?"],
    ["en", "fr", "Je ne sais pas encore ce que je vais faire demain"],
    ["en", "ar", "كيف حالك اليوم يا صديقي"],
    ["de", "en", "I have been learning this for two years now"],
    ["pt-BR", "pt-BR", "bom dia pessoal, tudo bem com vocês?"],
    ["ja", "zh", "这个问题我们应该怎么解决呢"],
    ["en", "en", "Good morning everybody, how was your trip to 京都?"],
  ])("in a room for %s, the worker thread detects %s: %s", async (room, language, text) => {
    expect(detectLanguage(text, room)).toBeInstanceOf(Promise);
    await expectLanguage(text, room).toBe(language);
  });

  it.each([
    ["en", "ja", "今日はとても寒いですね"],
    ["en", "ja", "カラオケ行きたい"],
    ["en", "ja", "2026年11月28日は東京で会議があります"],
    ["en", "ja", "東京都庁前駅で待ち合わせ"],
    ["en", "zh", "今天天气很好，我们去公园吧"],
    ["en", "zh", "我有3只猫和2条狗"],
    ["en", "zh", "我们用iPhone15拍照"],
    ["zh-Hant", "zh-Hant", "今天天氣很好，我們去公園吧"],
    ["en", "ko", "오늘 날씨가 정말 좋네요"],
    ["en", "ko", "오늘 날씨가 정말 좋네요".normalize("NFD")],
    ["en", "th", "วันนี้อากาศดีมาก"],
  ])("in a room for %s, the script alone identifies %s without the worker thread: %s", async (room, language, text) => {
    expect(detectLanguage(text, room)).toBe(language);
    expect(await detectLanguage(text, room)).toBe(language);
  });

  it.each([
    "ok",
    "haha",
    "lol 123",
    "👍👍👍",
    "https://example.org/guten/morgen/zusammen",
    "see http://example.org/guten/morgen/zusammen",
    "`const wert = 7`",
    "```\nGuten Morgen zusammen, wie geht es euch?\n```",
    "@jemand",
    "#guten-morgen-zusammen-ihr",
    "<@01931b2c-77aa-7c11-9d2e-a1b2c3d4e5f6>",
    "text 01931b2c-77aa-7c11-9d2e-a1b2c3d4e5f6",
    "今日",
    "",
  ])("uses the room's language for %j, which is ambiguous", async (text) => {
    expect(detectLanguage(text, "pt-BR")).toBe("pt-BR");
    expect(await detectLanguage(text, null)).toBeNull();
  });

  it("ignores code, mentions and addresses", async () => {
    await expectLanguage("`const x` Guten Morgen <@01931b2c-77aa-7c11-9d2e-a1b2c3d4e5f6> zusammen, wie geht es euch", "en").toBe("de");
    expect(detectLanguage("今日は https://example.org/this/is/an/english/address です`code in English words`ね", "en")).toBe("ja");
    await expectLanguage("Guten Morgen zusammen ` wie geht es euch heute", "en").toBe("de");
  });

  it("uses the beginning of a long text", async () => {
    await expectLanguage(`${"Guten Morgen zusammen. ".repeat(4)} ${"How are you all today? ".repeat(2_000)}`, "en").toBe("de");
    expect(detectLanguage(`${"今日はとても寒いですね。".repeat(10)}${"How are you? ".repeat(1_000)}`, "en")).toBe("ja");
  });
});
