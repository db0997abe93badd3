import { afterEach, expect, it } from "vitest";
import { createLanguageDetector, type DetectorOptions } from "../../../../services/messages/text/language-detector.ts";
import { createThread, type Thread } from "../../../../utils/async/worker-thread.ts";

/** Returns the number of its job for each text; "hang" hangs the thread, "crash" ends it. */
const PROGRAM = `
const { parentPort } = require("node:worker_threads");
let jobs = 0;
parentPort.on("message", (texts) => {
  while (texts.includes("hang"));
  if (texts.includes("crash")) process.exit(1);
  jobs += 1;
  parentPort.postMessage(texts.map((text) => text + jobs));
});
parentPort.postMessage("ready");`;

let thread: Thread;

function create(options: Partial<DetectorOptions> = {}, timeoutMs = 20_000) {
  thread = createThread(PROGRAM, null, { timeoutMs, queueLength: 0 });
  return createLanguageDetector(thread, { maxWaitMs: 20_000, queueLength: 10, pauseMs: 0, ...options });
}

afterEach(() => thread.close());

it("detecting languages: texts that arrive in one turn of the event loop, or while the thread works, form one job, each text once", async () => {
  const { detect } = create();
  const first = [detect("a"), detect("b")];
  await new Promise(setImmediate);
  expect(await Promise.all([...first, detect("c"), detect("d"), detect("c")])).toEqual(["a1", "b1", "c2", "d2", "c2"]);
  expect(await detect("a")).toBe("a3");
});

it("detecting languages: a hanging thread delays callers no longer than the timeout, and is replaced", async () => {
  const { detect } = create({ maxWaitMs: 100 }, 1_000);
  await expect.poll(() => detect("a")).toMatch(/^a/);
  const order: string[] = [];
  const hanging = detect("hang").finally(() => order.push("hang"));
  const behind = detect("b").finally(() => order.push("b"));
  const never = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("the thread was waited for")), 900));
  expect(await Promise.race([Promise.all([hanging, behind]), never])).toEqual([undefined, undefined]);
  never.catch(() => undefined);
  expect(order).toEqual(["hang", "b"]);
  // The hanging thread never returns, so every answer comes from another one.
  await expect.poll(() => detect("c")).toMatch(/^c\d+$/);
});

it("detecting languages: a thread that crashes returns no language for its job, and is restarted for the next one", async () => {
  const { detect } = create();
  expect(await detect("a")).toBe("a1");
  expect(await detect("crash")).toBeUndefined();
  expect(await detect("b")).toBe("b1");
});

it("detecting languages: after a failure the thread pauses, and callers get no language at once", async () => {
  const { detect } = create({ pauseMs: 3_600_000 });
  expect(await detect("crash")).toBeUndefined();
  expect(await Promise.all([detect("a"), detect("b")])).toEqual([undefined, undefined]);
});

it("detecting languages: a full queue returns no language for further texts, and keeps those it has accepted", async () => {
  const { detect } = create({ queueLength: 2 });
  expect(await Promise.all(["a", "b", "c", "b"].map(detect))).toEqual(["a1", "b1", undefined, "b1"]);
});
