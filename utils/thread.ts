import { Worker } from "node:worker_threads";

/** A program in a thread of its own, one job at a time. */
export type Thread = {
  /** What the program answers to a job. Not to be called before the last one was answered. @throws Error when the thread breaks down */
  run(job: unknown): Promise<unknown>;
  close(): Promise<void>;
};

/**
 * A thread that is started when it is first used, and again after it broke down. It keeps no process alive. The program is given as
 * text, so that it runs alike from the source, from the build and in tests; `library` is what it finds as its `workerData`.
 */
export function createThread(program: string, library: string): Thread {
  let worker: Worker | null = null;

  function start(): Worker {
    const started = new Worker(program, { eval: true, workerData: library, env: {}, execArgv: [] });
    started.unref();
    const forget = (): void => {
      if (worker === started) worker = null;
    };
    started.once("error", forget).once("exit", forget);
    return started;
  }

  return {
    run(job) {
      worker ??= start();
      const current = worker;
      return new Promise((resolve, reject) => {
        const ended = (): void => reject(new Error("The thread ended before it answered."));
        current.once("message", (answer: unknown) => {
          current.off("error", reject).off("exit", ended);
          resolve(answer);
        });
        current.once("error", reject).once("exit", ended);
        current.postMessage(job);
      });
    },
    close: async () => void (await worker?.terminate()),
  };
}
