import { toArrayLiteral } from "../../../prisma/pg-array.ts";
import { createThread, type ThreadOptions } from "../../../utils/async/worker-thread.ts";
import { type IndexedMessage, plainTokensOf } from "./message-tokens.ts";

/** Turns messages into what the index stores of them, in a worker thread. */
export type Tokenizer = {
  /**
   * Returns the tokens of each message as the text of a PostgreSQL array.
   * @throws TokenizeError when the thread crashes or exceeds its timeout; the call can be repeated
   */
  tokensOf(messages: readonly IndexedMessage[]): Promise<string[]>;
  close(): Promise<void>;
};

/** The thread failed. `messageId` is the message it was working on; null when it was working on none. */
export class TokenizeError extends Error {
  readonly messageId: string | null;

  constructor(messageId: string | null, cause: unknown) {
    super(`The search index worker failed${messageId === null ? "" : ` at message ${messageId}`}.`, { cause });
    this.name = "TokenizeError";
    this.messageId = messageId;
  }
}

/**
 * The thread writes the place of the message it works on to shared memory, so that a message that makes it hang is known. It leaves the
 * processor to whoever sends (on Linux a priority is a thread's). From the source, the modules are TypeScript and need a loader.
 */
const PROGRAM = `
const { parentPort, workerData: { library, loader, position } } = require("node:worker_threads");
const at = new Int32Array(position);
async function start() {
  if (process.platform === "linux") require("node:os").setPriority(5);
  if (loader !== null) (await import(loader)).register();
  const { tokensOf } = await import(library);
  parentPort.on("message", (messages) => {
    const tokens = messages.map((message, index) => {
      Atomics.store(at, 0, index);
      return "{" + tokensOf(message).join() + "}";
    });
    Atomics.store(at, 0, -1);
    parentPort.postMessage(tokens);
  });
  parentPort.postMessage("ready");
}
void start();`;

const EXTENSION = import.meta.url.endsWith(".ts") ? ".ts" : ".js";
const LIBRARY = new URL(`./message-tokens${EXTENSION}`, import.meta.url).href;
const LOADER = EXTENSION === ".ts" ? import.meta.resolve("tsx/esm/api") : null;

/** An ordinary message takes 0.1 ms, the longest one some 50 ms; the timeout only ends a thread that hangs. */
const DEFAULTS: ThreadOptions = { timeoutMs: 3_000, queueLength: 4, startTimeoutMs: 10_000 };

/** One job of the thread, so that it takes about as long whatever the texts are. */
const JOB = { messages: 100, units: 65_536 } as const;

/** A message is left to the plain words after so many failures: the first one may have been the machine's fault. */
const FAILURES = 2;

/** So many of these messages are remembered. */
const FAILED_MAX = 1_000;

function jobsOf(messages: readonly IndexedMessage[]): IndexedMessage[][] {
  const jobs: IndexedMessage[][] = [];
  let units = 0;
  for (const message of messages) {
    const last = jobs.at(-1);
    units += message.text.length;
    if (last !== undefined && last.length < JOB.messages && units <= JOB.units) {
      last.push(message);
    } else {
      jobs.push([message]);
      units = message.text.length;
    }
  }
  return jobs;
}

/** A message as it is now; when it is edited it is given to the thread again. */
const versionOf = ({ id, changed_seq: changedSeq }: IndexedMessage): string => `${id} ${changedSeq}`;

/** Counts how often the thread failed at each message. */
function createFailures() {
  const counts = new Map<string, number>();
  return {
    add(message: IndexedMessage): void {
      const [oldest] = counts.keys();
      if (oldest !== undefined && counts.size >= FAILED_MAX) counts.delete(oldest);
      counts.set(versionOf(message), (counts.get(versionOf(message)) ?? 0) + 1);
    },
    isFinal: (message: IndexedMessage): boolean => (counts.get(versionOf(message)) ?? 0) >= FAILURES,
  };
}

/**
 * Creates a tokenizer with a thread of its own, which starts with the first message and again after a failure. A message at which the
 * thread failed twice is not given to it again but indexed by its plain words. `library` is the URL of a module that exports `tokensOf`.
 */
export function createTokenizer({ library = LIBRARY, ...options }: Partial<ThreadOptions> & { library?: string } = {}): Tokenizer {
  const position = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(-1);
  const data = { library, loader: LOADER, position: position.buffer };
  const thread = createThread(PROGRAM, data, { ...DEFAULTS, ...options });
  const failures = createFailures();

  async function run(job: readonly IndexedMessage[]): Promise<string[]> {
    try {
      return (await thread.run(job)) as string[];
    } catch (error) {
      const message = job[Atomics.exchange(position, 0, -1)];
      if (message !== undefined) failures.add(message);
      throw new TokenizeError(message?.id ?? null, error);
    }
  }

  return {
    async tokensOf(messages) {
      const tokens = new Map<string, string>();
      for (const message of messages.filter(failures.isFinal)) tokens.set(message.id, toArrayLiteral(plainTokensOf(message)));
      for (const job of jobsOf(messages.filter(({ id }) => !tokens.has(id)))) {
        const found = await run(job);
        for (const [at, { id }] of job.entries()) tokens.set(id, found[at] ?? "{}");
      }
      return messages.map(({ id }) => tokens.get(id) ?? "{}");
    },
    close: () => thread.close(),
  };
}

/** The tokenizer of this process: everything that indexes in it shares one thread. */
export const tokenizer = createTokenizer();
