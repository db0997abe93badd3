import { expect, it } from "vitest";
import { createKeyedMutex } from "../../../utils/async/keyed-mutex.ts";
import { deferred } from "../../../utils/client/deferred.ts";

it("a keyed mutex: runs work of one key in order, and other keys in parallel; a failure does not block later work", async () => {
  const inTurn = createKeyedMutex();
  const gate = deferred<void>();
  const log: string[] = [];
  const first = inTurn("ann", async () => {
    await gate.promise;
    log.push("ann 1");
    throw new Error("went wrong");
  });
  const second = inTurn("ann", async () => void log.push("ann 2"));
  await inTurn("bob", async () => void log.push("bob"));
  expect(log).toEqual(["bob"]);
  gate.resolve();
  await expect(first).rejects.toThrow("went wrong");
  await second;
  await inTurn("ann", async () => void log.push("ann 3"));
  expect(log).toEqual(["bob", "ann 1", "ann 2", "ann 3"]);
});

it("a keyed mutex with a full queue: rejects with unavailable for that key, accepts other keys, and recovers", async () => {
  const inTurn = createKeyedMutex(2);
  const gate = deferred<void>();
  const taken = [inTurn("ann", () => gate.promise), inTurn("ann", async () => undefined), inTurn("ann", async () => undefined)];
  await expect(inTurn("ann", async () => undefined)).rejects.toMatchObject({ code: "unavailable", data: { retryAfterMs: 1_000 } });
  expect(await inTurn("bob", async () => "done")).toBe("done");
  gate.resolve();
  await Promise.all(taken);
  expect(await inTurn("ann", async () => "done")).toBe("done");
});
