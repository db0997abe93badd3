import { Worker } from "node:worker_threads";
import { AppError } from "../errors.ts";

/** A program in a worker thread that runs one job at a time, in the order of the calls. */
export type Thread = {
  /**
   * Runs a job and returns the program's response.
   * @throws AppError `unavailable` immediately if the queue is full, and if the job exceeds its timeout
   * @throws Error if the thread crashes or is closed
   */
  run(job: unknown): Promise<unknown>;
  /** Terminates the thread and rejects all running, waiting and future jobs. */
  close(): Promise<void>;
};

export type ThreadOptions = {
  /** The timeout of one job. The time it waits in the queue and the start of the thread do not count. */
  readonly timeoutMs: number;
  /** The maximum number of jobs that wait while one is running. */
  readonly queueLength: number;
  /** The timeout for the program to become ready. */
  readonly startTimeoutMs?: number;
};

type Job = { readonly input: unknown; readonly resolve: (answer: unknown) => void; readonly reject: (error: unknown) => void };

const unavailable = (): AppError => new AppError("unavailable", { retryAfterMs: 1_000 });

/**
 * Creates a thread that starts with its first job. After a crash or a timeout it is terminated, and the next job starts it again. It does
 * not keep the process alive.
 *
 * The program is CommonJS source text, so that it runs the same way from the source, from the build and in tests; `data` is its
 * `workerData`. It posts one message of any content when it is ready, and then exactly one response to each message it receives.
 */
export function createThread(program: string, data: unknown, options: ThreadOptions): Thread {
  const { timeoutMs, queueLength, startTimeoutMs = 10_000 } = options;
  const waiting: Job[] = [];
  let running: Job | null = null;
  let worker: Worker | null = null;
  let isReady = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  function terminate(): Promise<number> | undefined {
    const ended = worker;
    worker = null;
    isReady = false;
    return ended?.terminate();
  }

  function fail(error: unknown): void {
    void terminate();
    finish((job) => job.reject(error));
  }

  function finish(settle: (job: Job) => void): void {
    clearTimeout(timer);
    const job = running;
    running = null;
    if (job !== null) settle(job);
    runNext();
  }

  function startTimer(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => fail(unavailable()), ms);
    timer.unref();
  }

  function receive(message: unknown): void {
    if (isReady) {
      finish((job) => job.resolve(message));
    } else {
      isReady = true;
      postJob();
    }
  }

  function start(): void {
    const started = new Worker(program, { eval: true, workerData: data, env: {}, execArgv: [] });
    // Ignore events of a thread that was terminated and replaced.
    const isCurrent = (): boolean => worker === started;
    started.on("message", (message: unknown) => isCurrent() && receive(message));
    started.on("error", (error) => isCurrent() && fail(error));
    started.on("exit", () => isCurrent() && fail(new Error("The thread exited before it responded.")));
    // Must come last: adding a message listener keeps the process alive again.
    started.unref();
    worker = started;
    startTimer(startTimeoutMs);
  }

  function postJob(): void {
    if (running === null) return;
    startTimer(timeoutMs);
    try {
      worker?.postMessage(running.input);
    } catch (error) {
      // The input cannot be cloned, so it never reached the thread.
      finish((job) => job.reject(error));
    }
  }

  function runNext(): void {
    if (running !== null) return;
    running = waiting.shift() ?? null;
    if (running === null) return;
    if (worker === null) start();
    else postJob();
  }

  return {
    run(input) {
      if (isClosed) return Promise.reject(new Error("The thread is closed."));
      if (running !== null && waiting.length >= queueLength) return Promise.reject(unavailable());
      return new Promise((resolve, reject) => {
        waiting.push({ input, resolve, reject });
        runNext();
      });
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      const jobs = running === null ? waiting.splice(0) : [running, ...waiting.splice(0)];
      running = null;
      for (const job of jobs) job.reject(new Error("The thread is closed."));
      await terminate();
    },
  };
}
