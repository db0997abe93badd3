import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterEach, expect, it } from "vitest";
import { createThread, type Thread, type ThreadOptions } from "../../../utils/async/worker-thread.ts";

const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { join } = require(workerData);
let jobs = 0;
parentPort.on("message", (job) => {
  if (job === "throw") throw new Error("crashed");
  if (job === "exit") process.exit(3);
  while (job === "hang");
  jobs += 1;
  parentPort.postMessage([join("/", job), jobs]);
});
parentPort.postMessage("ready");`;

let thread: Thread;

const create = (options: Partial<ThreadOptions> = {}, program = PROGRAM): Thread => {
  thread = createThread(program, "node:path", { timeoutMs: 20_000, queueLength: 10, ...options });
  return thread;
};

afterEach(() => thread.close());

it("a thread runs its jobs one after the other, in the order of the calls", async () => {
  create();
  expect(await Promise.all(["a", "b", "c"].map((job) => thread.run(job)))).toEqual([
    ["/a", 1],
    ["/b", 2],
    ["/c", 3],
  ]);
});

it.each(["throw", "exit"])("a thread that crashes (%s) rejects the job and starts again with the next one", async (job) => {
  create();
  await thread.run("a");
  const answers = await Promise.allSettled([thread.run(job), thread.run("b")]);
  expect(answers).toMatchObject([{ status: "rejected" }, { status: "fulfilled", value: ["/b", 1] }]);
});

it("a thread that hangs is terminated after the timeout, and the jobs behind it run in a new one", async () => {
  create({ timeoutMs: 1_000 });
  await thread.run("a");
  const answers = await Promise.allSettled([thread.run("hang"), thread.run("b"), thread.run("hang"), thread.run("c")]);
  expect(answers).toMatchObject([
    { status: "rejected", reason: { code: "unavailable" } },
    { status: "fulfilled", value: ["/b", 1] },
    { status: "rejected", reason: { code: "unavailable" } },
    { status: "fulfilled", value: ["/c", 1] },
  ]);
});

it("a full queue rejects a job at once and runs those it has accepted", async () => {
  create({ queueLength: 2 });
  const settled: string[] = [];
  const run = (job: string) => thread.run(job).finally(() => settled.push(job));
  const answers = await Promise.allSettled(["a", "b", "c", "d"].map(run));
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "fulfilled", "fulfilled", "rejected"]);
  expect(answers[3]).toMatchObject({ reason: { code: "unavailable" } });
  expect(settled).toEqual(["d", "a", "b", "c"]);
  expect(await thread.run("e")).toEqual(["/e", 4]);
});

it("a queue of length 0 accepts one job at a time", async () => {
  create({ queueLength: 0 });
  const answers = await Promise.allSettled([thread.run("a"), thread.run("b")]);
  expect(answers.map(({ status }) => status)).toEqual(["fulfilled", "rejected"]);
});

it("the start of a thread does not count towards the timeout of its first job", async () => {
  const slowStart = `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2500);\n${PROGRAM}`;
  create({ timeoutMs: 2_000 }, slowStart);
  expect(await thread.run("a")).toEqual(["/a", 1]);
});

it("a program that never becomes ready rejects each job after the start timeout", async () => {
  create({ startTimeoutMs: 200 }, "setInterval(() => undefined, 1000);");
  const answers = await Promise.allSettled([thread.run("a"), thread.run("b")]);
  expect(answers).toMatchObject([{ reason: { code: "unavailable" } }, { reason: { code: "unavailable" } }]);
});

it("a program that does not start rejects the job", async () => {
  create({}, 'require("no-such-module");');
  await expect(thread.run("a")).rejects.toThrow("no-such-module");
});

it("a job that cannot be cloned is rejected and holds up no other", async () => {
  create();
  await thread.run("a");
  const answers = await Promise.allSettled([thread.run(() => undefined), thread.run("b")]);
  expect(answers).toMatchObject([{ reason: { name: "DataCloneError" } }, { value: ["/b", 2] }]);
});

it("closing a thread rejects the running job, the waiting ones and later ones", async () => {
  create();
  await thread.run("a");
  const jobs = Promise.allSettled([thread.run("hang"), thread.run("b")]);
  await thread.close();
  expect((await jobs).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  await expect(thread.run("c")).rejects.toThrow("closed");
});

it("a thread that waits for its next job does not keep the process alive", async () => {
  const owner = `
    import { createThread } from ${JSON.stringify(new URL("../../../utils/async/worker-thread.ts", import.meta.url).href)};
    const thread = createThread(${JSON.stringify(PROGRAM)}, "node:path", { timeoutMs: 20_000, queueLength: 1 });
    const isWorking = setInterval(() => undefined, 1_000);
    console.log(await thread.run("a"));
    clearInterval(isWorking);`;
  const options = { timeout: 60_000 };
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "-e", owner], options);
  expect(stdout).toBe("[ '/a', 1 ]\n");
});
