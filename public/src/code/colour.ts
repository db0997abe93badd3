import type { CodeLanguage } from "./languages.ts";
import type { ColourReply, Token } from "./tokens.ts";

/** The most UTF-16 units of a block that is coloured; a longer one stays plain. */
export const COLOURED_MAX = 8_000;

const KEPT = 100;
/** How long one block may take, once its grammar is there. Some texts make a grammar's patterns run for minutes. */
const WORK_MAX_MS = 500;
/** How long a grammar may take to arrive. */
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

/** Ends the worker with whatever it is at; the next block gets a new one. */
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
 * Splits a block of code into tokens, in a worker and one block at a time; remembered by language and text.
 * @returns null where the block stays plain: it is too long, its grammar did not come, or the work took too long
 */
export function colour(language: CodeLanguage, text: string): Promise<Tokens> {
  if (text.length > COLOURED_MAX) return Promise.resolve(null);
  const key = `${language} ${text}`;
  const held = known.get(key);
  if (held) return held;
  const found = new Promise<Tokens>((settle) => {
    queue.push({ key, language, text, settle });
  });
  known.set(key, found);
  const oldest = known.keys().next().value;
  if (known.size > KEPT && oldest !== undefined) known.delete(oldest);
  startNext();
  return found;
}
