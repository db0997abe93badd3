import { setTimeout as pause } from "node:timers/promises";
import { afterEach, expect, it, vi } from "vitest";
import { createBatchingCache } from "../../../utils/async/batching-cache.ts";

afterEach(() => void vi.useRealTimers());

/** Creates a cache whose values are the number of the load that returned them; `loads` lists the keys of each load. */
function createTestCache(freshMs: number, staleWhileRevalidateMs = freshMs) {
  const loads: string[][] = [];
  const cache = createBatchingCache<number>({
    freshMs,
    staleWhileRevalidateMs,
    load: async (keys) => {
      loads.push(keys);
      return new Map(keys.map((key) => [key, loads.length]));
    },
  });
  return { ...cache, loads };
}

/** Replaces the clock. It does not begin at 0, which lru-cache would take for a missing time. */
function useFakeClock(): void {
  vi.useFakeTimers({ toFake: ["performance"] });
  vi.advanceTimersByTime(1);
}

/** Advances the fake clock. lru-cache reads the clock at most once per real millisecond. */
async function advance(ms: number): Promise<void> {
  vi.advanceTimersByTime(ms);
  await pause(5);
}

it("a batching cache: loads concurrent requests in one batch, and each key once", async () => {
  const { get, loads } = createTestCache(0);
  expect(await Promise.all([get("a"), get("b"), get("a")])).toEqual([1, 1, 1]);
  expect(loads).toEqual([["a", "b"]]);
});

it("a batching cache: batches the requests that arrive during a load", async () => {
  const { get, loads } = createTestCache(0);
  const first = get("a");
  await new Promise(setImmediate);
  expect(await Promise.all([first, get("b"), get("c")])).toEqual([1, 2, 2]);
  expect(loads).toEqual([["a"], ["b", "c"]]);
});

it("a batching cache: returns the cached value until it is invalidated", async () => {
  const { get, invalidate, loads } = createTestCache(60_000);
  expect([await get("a"), await get("a")]).toEqual([1, 1]);
  invalidate("a");
  expect(await get("a")).toBe(2);
  expect(loads).toHaveLength(2);
});

it("a batching cache: loads expired values again, whichever key was requested last", async () => {
  const { get } = createTestCache(20);
  expect([await get("a"), await get("b")]).toEqual([1, 2]);
  await pause(60);
  expect([await get("b"), await get("a")]).toEqual([3, 4]);
});

it("a batching cache: returns the stale value while it revalidates, with one load for all requests", async () => {
  const { get, loads } = createTestCache(20, 60_000);
  expect(await get("a")).toBe(1);
  await pause(40);
  expect([await get("a"), await get("a")]).toEqual([1, 1]);
  await vi.waitFor(async () => expect(await get("a")).toBe(2), { interval: 1 });
  expect(loads).toEqual([["a"], ["a"]]);
});

it("a batching cache: does not restore a value that was invalidated during revalidation", async () => {
  const { get, invalidate } = createTestCache(20, 60_000);
  expect(await get("a")).toBe(1);
  await pause(40);
  const held = get("a");
  invalidate("a");
  expect([await held, await get("a"), await get("a")]).toEqual([1, 2, 2]);
});

it("a batching cache: returns the stale value when revalidation fails, and waits for a load once the value is too old", async () => {
  useFakeClock();
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
  await advance(40);
  expect([await get("a"), await get("a")]).toEqual([1, 1]);
  await vi.waitFor(() => expect(loads).toBe(2), { interval: 1 });
  await advance(200);
  await expect(get("a")).rejects.toThrow("away");
});

it("a batching cache: never returns a value that is too old, counted from the request for it", async () => {
  useFakeClock();
  const { get } = createTestCache(20, 200);
  expect(await get("a")).toBe(1);
  await advance(199);
  expect(await get("a")).toBe(1);
  // The value that was requested by the previous call.
  await advance(199);
  expect(await get("a")).toBe(2);
  await advance(201);
  expect(await get("a")).toBe(4);
});

it("a batching cache: loads a key again that is invalidated during its load, and keeps the newer value", async () => {
  const { get, invalidate, loads } = createTestCache(60_000);
  const first = get("a");
  await new Promise(setImmediate);
  invalidate("a");
  expect(await Promise.all([first, get("a"), get("a")])).toEqual([1, 2, 2]);
  expect(await get("a")).toBe(2);
  expect(loads).toEqual([["a"], ["a"]]);
});

it("a batching cache: loads a key once that is invalidated before its load begins", async () => {
  const { get, invalidate, loads } = createTestCache(60_000);
  const first = get("a");
  invalidate("a");
  expect(await Promise.all([first, get("a")])).toEqual([1, 1]);
  expect(loads).toEqual([["a"]]);
});

it("a batching cache: keeps the result of a newer load when an older load of the same key fails", async () => {
  const loads: string[][] = [];
  const { get, invalidate } = createBatchingCache<number>({
    freshMs: 60_000,
    async load(keys) {
      loads.push(keys);
      await pause(10);
      if (loads.length === 1) throw new Error("away");
      return new Map(keys.map((key) => [key, loads.length]));
    },
  });
  const first = expect(get("a")).rejects.toThrow("away");
  await new Promise(setImmediate);
  invalidate("a");
  const second = get("a");
  await first;
  expect(await Promise.all([second, get("a")])).toEqual([2, 2]);
  expect(loads).toEqual([["a"], ["a"]]);
});

it("a batching cache: caches that a key has no value", async () => {
  let loads = 0;
  const { get } = createBatchingCache<number>({
    freshMs: 60_000,
    async load() {
      loads += 1;
      return new Map();
    },
  });
  expect([await get("a"), await get("a"), loads]).toEqual([undefined, undefined, 1]);
});

it("a batching cache: evicts the least recently used values beyond its maximum", async () => {
  const loads: string[][] = [];
  const { get } = createBatchingCache<string>({
    freshMs: 60_000,
    maxEntries: 2,
    async load(keys) {
      loads.push(keys);
      return new Map(keys.map((key) => [key, key]));
    },
  });
  for (const key of ["a", "b", "a", "c", "a", "b"]) expect(await get(key)).toBe(key);
  expect(loads).toEqual([["a"], ["b"], ["c"], ["b"]]);
});

it("a batching cache: defers a request with a max wait to the next immediate one", async () => {
  const { get, loads } = createTestCache(0);
  const deferred = get("a", 60_000);
  await pause(20);
  expect(loads).toEqual([]);
  expect(await Promise.all([deferred, get("b")])).toEqual([1, 1]);
  expect(loads).toEqual([["a", "b"]]);
});

it("a batching cache: loads by itself after the max wait", async () => {
  const { get, loads } = createTestCache(0);
  expect(await Promise.all([get("a", 20), get("b", 60_000)])).toEqual([1, 1]);
  expect(loads).toEqual([["a", "b"]]);
  expect(await get("c", 20)).toBe(2);
});

it("a batching cache: does not delay an immediate request for a key that a deferred one waits for", async () => {
  const { get } = createTestCache(60_000);
  const deferred = get("a", 60_000);
  expect(await Promise.all([get("a"), deferred])).toEqual([1, 1]);
});

it("a batching cache: does not cache a failed load", async () => {
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
