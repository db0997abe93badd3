import { expect, it } from "vitest";
import { createWorkQueue } from "../../../utils/async/work-queue.ts";
import { deferred } from "../../../utils/client/deferred.ts";

const busy = { code: "unavailable", data: { retryAfterMs: expect.any(Number) } };

it("a work queue: runs a limited number at once, queues a limited number, and rejects further work at once with unavailable", async () => {
  const queue = createWorkQueue({ running: 2, waiting: 3, waitMs: 60_000 });
  const gate = deferred<void>();
  let running = 0;
  const work = async (): Promise<string> => {
    running += 1;
    await gate.promise;
    return "done";
  };
  const accepted = Array.from({ length: 5 }, () => queue(work));
  await expect(queue(work)).rejects.toMatchObject(busy);
  expect(running).toBe(2);
  gate.resolve();
  expect(await Promise.all(accepted)).toEqual(Array.from({ length: 5 }, () => "done"));
  expect(await queue(work)).toBe("done");
});

it("work that waited too long: is rejected with unavailable without being started, and later work runs", async () => {
  const queue = createWorkQueue({ running: 1, waiting: 10, waitMs: 30 });
  const gate = deferred<void>();
  const startedAt = performance.now();
  const started: string[] = [];
  const first = queue(() => gate.promise);
  const second = expect(queue(async () => started.push("second"))).rejects.toMatchObject(busy);
  while (performance.now() - startedAt <= 40) await new Promise(setImmediate);
  gate.resolve();
  await Promise.all([first, second]);
  expect(started).toEqual([]);
  expect(await queue(async () => "third")).toBe("third");
});

it("callers that are rejected together: get different retry delays of at least one second", async () => {
  const queue = createWorkQueue({ running: 1, waiting: 0, waitMs: 60_000 });
  const gate = deferred<void>();
  const first = queue(() => gate.promise);
  const waits = await Promise.all(
    Array.from({ length: 50 }, () => queue(async () => 0).catch((error: { data: { retryAfterMs: number } }) => error.data.retryAfterMs)),
  );
  gate.resolve();
  await first;
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(1_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(2_000);
  expect(new Set(waits).size).toBeGreaterThan(10);
});

it("work that fails: frees its slot", async () => {
  const queue = createWorkQueue({ running: 1, waiting: 10, waitMs: 60_000 });
  await expect(queue(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await queue(async () => "next")).toBe("next");
});
