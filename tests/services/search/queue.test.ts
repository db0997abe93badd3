import { describe, expect, it } from "vitest";
import { createSearchQueue } from "../../../services/search/queue.ts";

/** Creates work that ends when `end` is called. */
function openWork() {
  let end = (): void => undefined;
  const ended = new Promise<string>((resolve) => {
    end = () => resolve("done");
  });
  return { run: () => ended, end };
}

const busy = { code: "unavailable", data: { retryAfterMs: expect.any(Number) } };

describe("the search queue", () => {
  it("runs a limited number at once, queues a limited number, and rejects the others at once with unavailable", async () => {
    const queue = createSearchQueue({ running: 2, waiting: 3, waitMs: 60_000 });
    const work = openWork();
    const accepted = Array.from({ length: 5 }, () => queue(work.run));
    await expect(queue(work.run)).rejects.toMatchObject(busy);
    work.end();
    expect(await Promise.all(accepted)).toEqual(Array.from({ length: 5 }, () => "done"));
    expect(await queue(work.run)).toBe("done");
  });

  it("rejects a search that waited too long with unavailable, without starting it", async () => {
    const queue = createSearchQueue({ running: 1, waiting: 10, waitMs: 30 });
    const startedAt = performance.now();
    const first = openWork();
    const started: string[] = [];
    const running = queue(first.run);
    const waiting = queue(async () => started.push("second"));
    const waited = expect(waiting).rejects.toMatchObject(busy);
    while (performance.now() - startedAt <= 40) await new Promise(setImmediate);
    first.end();
    await Promise.all([running, waited]);
    expect(started).toEqual([]);
    expect(await queue(async () => "third")).toBe("third");
  });

  it("does not start a search whose caller disconnected while it waited", async () => {
    const queue = createSearchQueue({ running: 1, waiting: 10, waitMs: 60_000 });
    const first = openWork();
    const gone = new AbortController();
    const started: string[] = [];
    const running = queue(first.run);
    const waiting = [queue(async () => started.push("gone"), gone.signal), queue(async () => started.push("here"))];
    const settled = Promise.allSettled(waiting);
    gone.abort();
    first.end();
    await running;
    expect((await settled).map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(started).toEqual(["here"]);
  });

  it("continues after a failed search", async () => {
    const queue = createSearchQueue({ running: 1, waiting: 10, waitMs: 60_000 });
    await expect(queue(() => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
    expect(await queue(async () => "next")).toBe("next");
  });
});
