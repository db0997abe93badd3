import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { createBatchingCache } from "../../../utils/async/batching-cache.ts";

afterEach(() => void vi.useRealTimers());

/** A gatherer whose values are the number of the load they came by, and what it was asked for in each load. */
function gathering(freshMs: number, staleWhileRevalidateMs = freshMs) {
  const loads: string[][] = [];
  const gatherer = createBatchingCache<number>({
    ...{ freshMs, staleWhileRevalidateMs },
    load: async (keys) => {
      loads.push(keys);
      return new Map(keys.map((key) => [key, loads.length]));
    },
  });
  return { ...gatherer, loads };
}

it("asks once for all that are wanted at the same time, and for each key once", async () => {
  const { get, loads } = gathering(0);
  expect(await Promise.all([get("a"), get("b"), get("a")])).toEqual([1, 1, 1]);
  expect(loads).toEqual([["a", "b"]]);
});

it("gathers what is asked for while it loads", async () => {
  const { get, loads } = gathering(0);
  const first = get("a");
  await new Promise(setImmediate);
  expect(await Promise.all([first, get("b"), get("c")])).toEqual([1, 2, 2]);
  expect(loads).toEqual([["a"], ["b", "c"]]);
});

it("answers from what it read a moment ago, until that is forgotten", async () => {
  const { get, invalidate, loads } = gathering(60_000);
  expect([await get("a"), await get("a")]).toEqual([1, 1]);
  invalidate("a");
  expect(await get("a")).toBe(2);
  expect(loads).toHaveLength(2);
});

it("reads anew what is fresh no longer, asked for again or not", async () => {
  const { get } = gathering(20);
  expect([await get("a"), await get("b")]).toEqual([1, 2]);
  await pause(60);
  expect([await get("b"), await get("a")]).toEqual([3, 4]);
});

it("answers with what it has while it looks again, once for all who ask", async () => {
  const { get, loads } = gathering(20, 60_000);
  expect(await get("a")).toBe(1);
  await pause(40);
  expect([await get("a"), await get("a")]).toEqual([1, 1]);
  await vi.waitFor(async () => expect(await get("a")).toBe(2), { interval: 1 });
  expect(loads).toEqual([["a"], ["a"]]);
});

it("does not bring back what was forgotten while it looked again", async () => {
  const { get, invalidate } = gathering(20, 60_000);
  expect(await get("a")).toBe(1);
  await pause(40);
  const held = get("a");
  invalidate("a");
  expect([await held, await get("a"), await get("a")]).toEqual([1, 2, 2]);
});

it("keeps what it has when looking again fails, and makes those wait who come when it is of no use any more", async () => {
  vi.useFakeTimers({ toFake: ["performance"] });
  let loads = 0;
  const { get } = createBatchingCache<number>({
    freshMs: 20,
    staleWhileRevalidateMs: 200,
    load: async (keys) => {
      loads += 1;
      if (loads > 1) throw new Error("away");
      return new Map(keys.map((key) => [key, loads]));
    },
  });
  expect(await get("a")).toBe(1);
  vi.advanceTimersByTime(40);
  expect([await get("a"), await get("a")]).toEqual([1, 1]);
  await vi.waitFor(() => expect(loads).toBe(2), { interval: 1 });
  vi.advanceTimersByTime(200);
  await expect(get("a")).rejects.toThrow("away");
});

it("lets a question that can wait go along with the next that cannot", async () => {
  const { get, loads } = gathering(0);
  const patient = get("a", 60_000);
  await pause(20);
  expect(loads).toEqual([]);
  expect(await Promise.all([patient, get("b")])).toEqual([1, 1]);
  expect(loads).toEqual([["a", "b"]]);
});

it("asks by itself when patience is at its end", async () => {
  const { get, loads } = gathering(0);
  expect(await Promise.all([get("a", 20), get("b", 60_000)])).toEqual([1, 1]);
  expect(loads).toEqual([["a", "b"]]);
  expect(await get("c", 20)).toBe(2);
});

it("makes nobody wait for somebody patient who asked for the same", async () => {
  const { get } = gathering(60_000);
  const patient = get("a", 60_000);
  expect(await Promise.all([get("a"), patient])).toEqual([1, 1]);
});

it("does not keep a reading that failed", async () => {
  let isBroken = true;
  const { get } = createBatchingCache<string>({
    freshMs: 60_000,
    load: async (keys) => {
      if (isBroken) throw new Error("away");
      return new Map(keys.map((key) => [key, "here"]));
    },
  });
  await expect(get("a")).rejects.toThrow("away");
  isBroken = false;
  expect(await get("a")).toBe("here");
});
