import type { Thread } from "../../../utils/async/worker-thread.ts";

/** Detects languages in a worker thread, with an upper limit for the waiting time. */
export type LanguageDetector = {
  /** Returns the language of a text as a BCP 47 tag; undefined if it cannot be detected, or not in time. Never rejects. */
  detect(text: string): Promise<string | undefined>;
};

export type DetectorOptions = {
  /** The maximum waiting time of a caller, in ms. */
  readonly maxWaitMs: number;
  /** How many different texts may wait for the thread. */
  readonly queueLength: number;
  /** How long the thread is not used after it failed, in ms. */
  readonly pauseMs: number;
};

type Language = string | undefined;

/** Texts that are sent to the thread in one job. */
class Batch {
  readonly #waiting = new Map<string, ((language: Language) => void)[]>();
  readonly #timer: NodeJS.Timeout;
  isOver = false;

  constructor(maxWaitMs: number) {
    this.#timer = setTimeout(() => this.settle(), maxWaitMs);
  }

  get texts(): string[] {
    return [...this.#waiting.keys()];
  }

  /** Whether the batch accepts another text, of at most `max` different ones. */
  accepts(text: string, max: number): boolean {
    return this.#waiting.size < max || this.#waiting.has(text);
  }

  add(text: string): Promise<Language> {
    return new Promise((resolve) => {
      const others = this.#waiting.get(text);
      if (others === undefined) this.#waiting.set(text, [resolve]);
      else others.push(resolve);
    });
  }

  /** Resolves all callers, without a language if the thread has not returned one. */
  settle(languages: ReadonlyMap<string, Language> = new Map()): void {
    this.isOver = true;
    clearTimeout(this.#timer);
    for (const [text, resolves] of this.#waiting) for (const resolve of resolves) resolve(languages.get(text));
  }
}

/**
 * Creates a detector. Texts that arrive while the thread is busy form its next job, so that batches grow with the load. A job is an array
 * of texts; its result is an array with a language or undefined for each text.
 *
 * If the thread is slow, hangs or crashes, callers get undefined after `maxWaitMs` at the latest; after a failure all callers get it
 * immediately for `pauseMs`, so that a thread that cannot start is not started for each message.
 */
export function createLanguageDetector(thread: Pick<Thread, "run">, options: DetectorOptions): LanguageDetector {
  const { maxWaitMs, queueLength, pauseMs } = options;
  let next: Batch | null = null;
  let isRunning = false;
  let pausedUntil = 0;

  async function run(batch: Batch): Promise<void> {
    const texts = batch.texts;
    try {
      const languages = (await thread.run(texts)) as Language[];
      batch.settle(new Map(texts.map((text, at) => [text, languages[at]])));
    } catch {
      pausedUntil = performance.now() + pauseMs;
      batch.settle();
    }
  }

  async function runAll(): Promise<void> {
    isRunning = true;
    // Texts that arrive in the same iteration of the event loop belong to the same job: each job costs a message to the thread and back.
    await new Promise(setImmediate);
    while (next !== null) {
      const batch: Batch = next;
      next = null;
      if (!batch.isOver) await run(batch);
    }
    isRunning = false;
  }

  return {
    detect(text) {
      if (performance.now() < pausedUntil) return Promise.resolve(undefined);
      if (next === null || next.isOver) next = new Batch(maxWaitMs);
      if (!next.accepts(text, queueLength)) return Promise.resolve(undefined);
      const language = next.add(text);
      if (!isRunning) void runAll();
      return language;
    },
  };
}
