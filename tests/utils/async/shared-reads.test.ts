import { expect, it } from "vitest";
import { createSharedReads } from "../../../utils/async/shared-reads.ts";
import { createWorkQueue } from "../../../utils/async/work-queue.ts";
import { deferred } from "../../../utils/client/deferred.ts";

const longWait = { running: 4, waiting: 100, waitMs: 60_000 };

it("a shared read: serves the requests made before it began; requests during the read share the next one", async () => {
  const share = createSharedReads(createWorkQueue(longWait));
  const gates = [deferred<string>(), deferred<string>()];
  let reads = 0;
  const read = (): Promise<string> => {
    reads += 1;
    return gates[reads - 1]?.promise ?? Promise.reject(new Error("nobody needs a third read"));
  };
  const early = [share("room", read), share("room", read)];
  while (reads === 0) await new Promise(setImmediate);
  const late = [share("room", read), share("room", read)];
  expect(reads).toBe(1);
  gates[0]?.resolve("before");
  expect(await Promise.all(early)).toEqual(["before", "before"]);
  gates[1]?.resolve("after");
  expect(await Promise.all(late)).toEqual(["after", "after"]);
  expect(reads).toBe(2);
});

it("shared reads of different keys: run in parallel, as many as the queue allows", async () => {
  const share = createSharedReads(createWorkQueue({ ...longWait, running: 2 }));
  const gate = deferred<void>();
  const started: string[] = [];
  const asked = ["a", "b", "c"].map((key) =>
    share(key, async () => {
      started.push(key);
      await gate.promise;
      return key;
    }),
  );
  while (started.length < 2) await new Promise(setImmediate);
  expect(started).toEqual(["a", "b"]);
  gate.resolve();
  expect(await Promise.all(asked)).toEqual(["a", "b", "c"]);
});

it("a shared read that is rejected or fails: rejects all requests that shared it, and the next request reads again", async () => {
  const share = createSharedReads(createWorkQueue({ running: 1, waiting: 0, waitMs: 60_000 }));
  const gate = deferred<void>();
  const other = share("other", () => gate.promise);
  const full = await Promise.allSettled([share("room", async () => "never"), share("room", async () => "never")]);
  expect(full.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  gate.resolve();
  await other;
  await expect(share("room", () => Promise.reject(new Error("failed")))).rejects.toThrow("failed");
  expect(await share("room", async () => "read")).toBe("read");
});
