import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

/**
 * A program of its own, as text: it runs alike from the source, from the build and in tests. Beside a busy core it steps back
 * (on Linux a priority is a thread's): messages do not wait for passwords.
 */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
if (process.platform === "linux") require("node:os").setPriority(10);
const bcrypt = require(workerData);
parentPort.on("message", ({ text, cost, hash }) =>
  parentPort.postMessage(hash === undefined ? bcrypt.hashSync(text, cost) : bcrypt.compareSync(text, hash)));`;

const BCRYPT = createRequire(import.meta.url).resolve("bcrypt");

type Job = { readonly text: string; readonly cost: number } | { readonly text: string; readonly hash: string };

/** bcrypt in a thread of its own, one job at a time. */
export type BcryptThread = {
  /** The hash, or whether the text is that of the hash. Not to be called before the last one was answered. */
  run(job: Job): Promise<unknown>;
  close(): Promise<void>;
};

/** A thread that is started when it is first used, and again after it broke down. It keeps no process alive. */
export function createBcryptThread(): BcryptThread {
  let worker: Worker | null = null;

  function start(): Worker {
    const started = new Worker(PROGRAM, { eval: true, workerData: BCRYPT, env: {}, execArgv: [] });
    started.unref();
    started.once("exit", () => {
      if (worker === started) worker = null;
    });
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
