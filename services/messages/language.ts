import { createGatherer } from "../../utils/gather.ts";
import { createThread } from "../../utils/thread.ts";

/** So much of a text tells its language; more only costs: every message pays 0.3 µs a character. */
const READ = 80;

/** What is written alike in every language: addresses, code, names of people, and words with digits in them. */
const ALIKE = /```[\s\S]*?(?:```|$)|`[^`\n]*`|https?:\/\/\S+|<@[^>\s]*>|[@#]\S+|\S*\d\S*/gu;

const LETTERS = /\p{L}/gu;

/** Scripts in which a few characters are words already. */
const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

/** Fewer letters than this could be many languages. */
const ENOUGH = /^(?:\P{L}*\p{L}){14}/u;
const ENOUGH_DENSE = /^(?:\P{L}*\p{L}){4}/u;

/** Scripts that one language alone is written in. */
const OWN_SCRIPTS = [
  ["ko", /\p{Script=Hangul}/gu],
  ["ja", /[\p{Script=Hiragana}\p{Script=Katakana}]/gu],
  ["th", /\p{Script=Thai}/gu],
] as const;

/** So great a share of the letters in such a script is that language; some Chinese characters belong to a Japanese sentence. */
const SHARE = 0.3;

function byScript(words: string): string | undefined {
  const letters = words.match(LETTERS)?.length ?? 0;
  return OWN_SCRIPTS.find(([, script]) => (words.match(script)?.length ?? 0) >= letters * SHARE)?.[0];
}

/** eld in a thread of its own: it takes as long for a text as everything else that a message needs. */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
import(workerData).then(({ eld }) => {
  parentPort.on("message", (texts) => parentPort.postMessage(texts.map((text) => {
    const found = eld.detect(text);
    return found.language !== "" && found.isReliable() ? found.language : undefined;
  })));
  parentPort.postMessage("ready");
});`;

const thread = createThread(PROGRAM, import.meta.resolve("eld/small"), { timeoutMs: 2_000, queueLength: 0 });

/** Texts that came together are looked at together, and answered in the order in which they came. */
const byWords = createGatherer<string | undefined>({
  freshMs: 0,
  load: async (texts) => {
    const asked = texts.filter((text) => text !== "");
    const found = asked.length > 0 ? ((await thread.run(asked)) as (string | undefined)[]) : [];
    return new Map(asked.map((text, at) => [text, found[at]]));
  },
});

const base = (code: string | null): string => code?.split("-")[0] ?? "";

/** The part of a text that tells its language; empty where nothing does. */
function tellingPart(text: string): string {
  const words = text
    .slice(0, READ * 2)
    .replace(ALIKE, " ")
    .slice(0, READ);
  return (DENSE.test(words) ? ENOUGH_DENSE : ENOUGH).test(words) ? words : "";
}

/**
 * The language a text is written in, as a BCP 47 tag; the room's own where the text is too short or too odd to tell, and where
 * it agrees with it, since the room knows the region. Of two texts the one that was asked about first is answered first.
 */
export async function languageOf(text: string, roomLanguage: string | null): Promise<string | null> {
  const words = tellingPart(text);
  const script = DENSE.test(words) ? byScript(words) : undefined;
  // A message is not refused because its language cannot be told.
  const told = await byWords.get(script === undefined ? words : "").catch(() => undefined);
  const found = script ?? told;
  return found === undefined || found === base(roomLanguage) ? roomLanguage : found;
}
