import { afterEach, expect, it } from "vitest";
import { createThread, type Thread } from "../../utils/thread.ts";

const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { join } = require(workerData);
let jobs = 0;
parentPort.on("message", (job) => {
  if (job === "throw") throw new Error("broken down");
  if (job === "exit") process.exit(3);
  jobs += 1;
  parentPort.postMessage([join("/", job), jobs]);
});`;

let thread: Thread;

afterEach(() => thread.close());

it("does one job after the other with its library, in one thread", async () => {
  thread = createThread(PROGRAM, "node:path");
  expect(await thread.run("a")).toEqual(["/a", 1]);
  expect(await thread.run("b")).toEqual(["/b", 2]);
});

it.each(["throw", "exit"])("refuses the job at which it broke down (%s), and begins anew with the next", async (job) => {
  thread = createThread(PROGRAM, "node:path");
  await thread.run("a");
  await expect(thread.run(job)).rejects.toThrow();
  expect(await thread.run("b")).toEqual(["/b", 1]);
});
