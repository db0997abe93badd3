import { createThread } from "../../../utils/async/worker-thread.ts";
import { createLanguageDetector } from "./language-detector.ts";
import { type Sample, sampleOf } from "./script.ts";

/** So much of a text tells its language; more only costs. */
const READ_UNITS = 80;

/** Fewer letters than this could be many languages; of Chinese characters, syllables and Thai letters a few are words already. */
const ENOUGH = 14;
const ENOUGH_DENSE = 4;

/** So great a share of the letters in a script that one language is written in tells the language. */
const SHARE = 0.3;

/** A Japanese sentence has more kana than this beside its Chinese characters; a Chinese one has none, or one for decoration. */
const KANA_SHARE = 0.1;

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

const detector = createLanguageDetector(thread, { maxWaitMs: 50, queueLength: 500, pauseMs: 5_000 });

const base = (code: string | null): string => code?.split("-")[0] ?? "";

/** The room knows the region: where a text is in the room's language, its tag is the room's. */
const tagOf = (language: string | undefined, roomLanguage: string | null): string | null =>
  language === undefined || language === base(roomLanguage) ? roomLanguage : language;

const isEnough = ({ letters, han, kana, hangul, thai }: Sample): boolean =>
  letters >= (han + kana + hangul + thai > 0 ? ENOUGH_DENSE : ENOUGH);

/** The language that the script alone tells. Chinese characters without kana are Chinese, but in a Japanese room they may be either. */
function languageOfScript({ letters, han, kana, hangul, thai }: Sample, roomLanguage: string | null): string | undefined {
  const share = letters * SHARE;
  if (hangul >= share) return "ko";
  if (thai >= share) return "th";
  if (han + kana < share) return undefined;
  if (kana > (han + kana) * KANA_SHARE) return "ja";
  return base(roomLanguage) === "ja" ? undefined : "zh";
}

function languageOfSample(sample: Sample, roomLanguage: string | null): string | null | undefined {
  if (!isEnough(sample)) return roomLanguage;
  const language = languageOfScript(sample, roomLanguage);
  return language === undefined ? undefined : tagOf(language, roomLanguage);
}

/**
 * The language a text is written in, as a BCP 47 tag; the room's own where the text is too short or too odd to tell, and where it agrees with
 * it (the room knows the region). Returned at once where the script alone tells, which costs a few µs whatever the text. Otherwise a
 * promise of what the worker thread detects: it never rejects, and is the room's language where the thread does not answer within 50 ms or
 * is down. Answers do not keep the order of the calls: who needs it has to keep it.
 */
export function detectLanguage(text: string, roomLanguage: string | null): string | null | Promise<string | null> {
  const sample = sampleOf(text, READ_UNITS);
  const known = languageOfSample(sample, roomLanguage);
  if (known !== undefined) return known;
  return detector.detect(sample.words).then((language) => tagOf(language, roomLanguage));
}
