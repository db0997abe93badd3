import { createRequire } from "node:module";
import { createThread, type Thread } from "../../../utils/async/worker-thread.ts";

/** The program of the thread. It lowers its priority (on Linux a priority is per thread), so that hashing does not delay messages. */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
if (process.platform === "linux") require("node:os").setPriority(10);
const bcrypt = require(workerData);
parentPort.on("message", ({ text, cost, hash }) =>
  parentPort.postMessage(hash === undefined ? bcrypt.hashSync(text, cost) : bcrypt.compareSync(text, hash)));
parentPort.postMessage("ready");`;

const BCRYPT = createRequire(import.meta.url).resolve("bcrypt");

type Job = { readonly text: string; readonly cost: number } | { readonly text: string; readonly hash: string };

/** A bcrypt worker thread. A job resolves to the hash, or to whether the text matches the given hash. */
export type BcryptThread = Thread & { run(job: Job): Promise<unknown> };

/** Creates the thread. A hash takes 0.2 s of an idle core at cost 12; the timeout only ends a hung thread. The caller queues jobs. */
export const createBcryptThread = (): BcryptThread => createThread(PROGRAM, BCRYPT, { timeoutMs: 30_000, queueLength: 0 });
