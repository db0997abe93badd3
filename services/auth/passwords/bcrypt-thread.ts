import { createRequire } from "node:module";
import { createThread, type Thread } from "../../../utils/async/worker-thread.ts";

/** Beside a busy core it steps back (on Linux a priority is a thread's): messages do not wait for passwords. */
const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
if (process.platform === "linux") require("node:os").setPriority(10);
const bcrypt = require(workerData);
parentPort.on("message", ({ text, cost, hash }) =>
  parentPort.postMessage(hash === undefined ? bcrypt.hashSync(text, cost) : bcrypt.compareSync(text, hash)));
parentPort.postMessage("ready");`;

const BCRYPT = createRequire(import.meta.url).resolve("bcrypt");

type Job = { readonly text: string; readonly cost: number } | { readonly text: string; readonly hash: string };

/** bcrypt in a thread: a job is answered by the hash, or by whether the text is that of the hash. */
export type BcryptThread = Thread & { run(job: Job): Promise<unknown> };

/** A hash takes 0.2 s of a quiet core at cost 12; the timeout only ends a thread that hangs. The callers keep the queue. */
export const createBcryptThread = (): BcryptThread => createThread(PROGRAM, BCRYPT, { timeoutMs: 30_000, queueLength: 0 });
