import type { CodeLanguage } from "./languages.ts";
import type { ColourReply, Token } from "./tokens.ts";

/** Maximum length of a highlighted block in UTF-16 units; longer blocks stay plain. */
export const COLOURED_MAX = 8_000;

const KEPT = 100;
/** Timeout per block after its grammar has loaded. Some inputs make a grammar's regular expressions run for minutes. */
const WORK_MAX_MS = 500;
/** Timeout for loading a grammar. */
const FETCH_MAX_MS = 30_000;

type Tokens = readonly Token[] | null;
type Job = { readonly key: string; readonly language: CodeLanguage; readonly text: string; readonly settle: (tokens: Tokens) => void };

const known = new Map<string, Promise<Tokens>>();
const queue: Job[] = [];
let worker: Worker | null = null;
let current: { readonly id: number; readonly job: Job } | null = null;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastId = 0;

function finish(tokens: Tokens): void {
  clearTimeout(timer);
  const done = current;
  current = null;
  done?.job.settle(tokens);
  startNext();
}

/** Terminates the worker and its current job; the next block gets a new worker. */
function giveUp(): void {
  worker?.terminate();
  worker = null;
  finish(null);
}

function endAfter(ms: number): void {
  clearTimeout(timer);
  timer = setTimeout(giveUp, ms);
}

function startWorker(): Worker {
  const started = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });
  started.addEventListener("message", ({ data }: MessageEvent<ColourReply>) => {
    if (data.id !== current?.id) return;
    if (data.state === "started") endAfter(WORK_MAX_MS);
    else finish(data.state === "done" ? data.tokens : null);
  });
  started.addEventListener("error", giveUp);
  return started;
}

function startNext(): void {
  const job = current === null ? queue.shift() : undefined;
  if (!job) return;
  lastId += 1;
  current = { id: lastId, job };
  endAfter(FETCH_MAX_MS);
  worker ??= startWorker();
  worker.postMessage({ id: lastId, language: job.language, text: job.text });
}

/**
 * Tokenizes a block of code in a worker, one block at a time; cached by language and text.
 * @returns null if the block stays plain: it is too long, its grammar failed to load, or tokenizing timed out
 */
export function colour(language: CodeLanguage, text: string): Promise<Tokens> {
  if (text.length > COLOURED_MAX) return Promise.resolve(null);
  const key = `${language} ${text}`;
  const cached = known.get(key);
  if (cached) return cached;
  const found = new Promise<Tokens>((settle) => {
    queue.push({ key, language, text, settle });
  });
  known.set(key, found);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  startNext();
  return found;
}
