import { createThread } from "../../../utils/async/worker-thread.ts";
import { createLanguageDetector } from "./language-detector.ts";
import { type Sample, sampleOf } from "./script.ts";

/** How much of a text is used for the detection, in UTF-16 units; more only adds cost. */
const READ_UNITS = 80;

/** Fewer letters than this match many languages; a few Chinese characters, syllables or Thai letters are enough. */
const ENOUGH = 14;
const ENOUGH_DENSE = 4;

/** The minimum share of letters in the script of a single language that determines the language. */
const SHARE = 0.3;

/** The minimum share of kana in Japanese text; Chinese text has none, or one for decoration. */
const KANA_SHARE = 0.1;

/** eld in a worker thread: it takes as long for a text as all other steps of a message together. */
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

/** Returns the tag of a language. The room knows the region: if the text is in the room's language, its tag is the room's. */
const tagOf = (language: string | undefined, roomLanguage: string | null): string | null =>
  language === undefined || language === base(roomLanguage) ? roomLanguage : language;

const isEnough = ({ letters, han, kana, hangul, thai }: Sample): boolean =>
  letters >= (han + kana + hangul + thai > 0 ? ENOUGH_DENSE : ENOUGH);

/**
 * Returns the language that is determined by the script. Chinese characters without kana are Chinese, but in a Japanese room they may be
 * either.
 */
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
 * Detects the language of a text, as a BCP 47 tag; the room's own if the text is too short or too unusual to detect, or in the same
 * language (the room knows the region). Returned synchronously if the script is sufficient, which costs a few µs for any text. Otherwise
 * returns a promise of the worker thread's result: it never rejects, and resolves with the room's language if the thread does not answer
 * within 50 ms or is down. Results do not keep the order of the calls: a caller that needs it must ensure it.
 */
export function detectLanguage(text: string, roomLanguage: string | null): string | null | Promise<string | null> {
  const sample = sampleOf(text, READ_UNITS);
  const known = languageOfSample(sample, roomLanguage);
  if (known !== undefined) return known;
  return detector.detect(sample.words).then((language) => tagOf(language, roomLanguage));
}
