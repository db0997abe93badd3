import { toArrayLiteral } from "../../../prisma/pg-array.ts";
import { createThread, type ThreadOptions } from "../../../utils/async/worker-thread.ts";
import { type IndexedMessage, plainTokensOf } from "./message-tokens.ts";

/** Converts messages to index tokens, in a worker thread. */
export type Tokenizer = {
  /**
   * Returns the tokens of each message as the text of a PostgreSQL array.
   * @throws TokenizeError when the thread crashes or exceeds its timeout; the call can be repeated
   */
  tokensOf(messages: readonly IndexedMessage[]): Promise<string[]>;
  close(): Promise<void>;
};

/** The thread failed. `messageId` is the message it was processing; null if none. */
export class TokenizeError extends Error {
  readonly messageId: string | null;

  constructor(messageId: string | null, cause: unknown) {
    super(`The search index worker failed${messageId === null ? "" : ` at message ${messageId}`}.`, { cause });
    this.name = "TokenizeError";
    this.messageId = messageId;
  }
}

/**
 * The worker program. The thread writes the index of the current message to shared memory, so that a message that makes it hang can be
 * identified. It runs with a lower priority than the main thread (on Linux priorities apply to threads). When running from source, the
 * modules are TypeScript and need a loader.
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

/** An ordinary message takes 0.1 ms, the longest one about 50 ms; the timeout only ends a hanging thread. */
const DEFAULTS: ThreadOptions = { timeoutMs: 3_000, queueLength: 4, startTimeoutMs: 10_000 };

/** The maximum size of one job, so that all jobs take about the same time. */
const JOB = { messages: 100, units: 65_536 } as const;

/** After how many failures only the plain words of a message are indexed: the first failure may have been caused by the machine. */
const FAILURES = 2;

/** The maximum number of remembered messages. */
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

/** Returns the key of a message version; an edited message is passed to the thread again. */
const versionOf = ({ id, changed_seq: changedSeq }: IndexedMessage): string => `${id} ${changedSeq}`;

/** Counts the failures of the thread per message. */
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
 * Creates a tokenizer with its own thread, which starts with the first message and again after a failure. A message at which the thread
 * failed twice is not passed to it again but indexed by its plain words. `library` is the URL of a module that exports `tokensOf`.
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

/** The tokenizer of this process: all indexing shares one thread. */
export const tokenizer = createTokenizer();
