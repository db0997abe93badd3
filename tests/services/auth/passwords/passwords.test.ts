import { describe, expect, it } from "vitest";
import { createPasswords } from "../../../../services/auth/passwords/passwords.ts";

const passwords = createPasswords({ cost: 4, mostWaiting: 3 });

describe("the password hashing queue", () => {
  it("accepts a limited number of jobs, rejects the others at once with a retry delay, and recovers afterwards", async () => {
    const hash = await passwords.hash("a password of ours");
    const all = await Promise.allSettled(Array.from({ length: 50 }, () => passwords.matches("a password of ours", hash)));
    const granted = all.filter(({ status }) => status === "fulfilled");
    const reasons = all.flatMap((one) => (one.status === "rejected" ? [one.reason as { code: string; data: unknown }] : []));
    expect(granted.length).toBeGreaterThanOrEqual(4);
    expect(granted.length).toBeLessThanOrEqual(6);
    expect(reasons.every(({ code }) => code === "unavailable")).toBe(true);
    expect(reasons[0]?.data).toEqual({ retryAfterMs: 2_000 });
    expect(await passwords.matches("a password of ours", hash)).toBe(true);
  });

  it("skips jobs that waited too long and runs the others", async () => {
    const slow = createPasswords({ cost: 10, mostWaiting: 100, longestWaitMs: 200 });
    const hash = await slow.hash("a password of ours");
    const all = await Promise.allSettled(Array.from({ length: 60 }, () => slow.matches("a password of ours", hash)));
    const granted = all.filter(({ status }) => status === "fulfilled").length;
    expect(granted).toBeGreaterThan(0);
    expect(granted).toBeLessThan(60);
    expect(await slow.matches("a password of ours", hash)).toBe(true);
  });

  it("on close: finishes the running jobs and rejects the waiting ones", async () => {
    const ending = createPasswords({ cost: 10 });
    const all = Array.from({ length: 20 }, () => ending.hash("a password of ours"));
    const settled = Promise.allSettled(all);
    await Promise.race(all);
    await ending.close();
    const outcomes = (await settled).map((one) => (one.status === "fulfilled" ? "done" : (one.reason as { code: string }).code));
    expect(outcomes.slice(0, 2)).toEqual(["done", "done"]);
    expect(outcomes.at(-1)).toBe("unavailable");
    await expect(ending.hash("a password of ours")).rejects.toMatchObject({ code: "unavailable" });
  });

  it("rejects a missing hash, and detects a hash of another cost as outdated", async () => {
    expect(await passwords.matches("", null)).toBe(false);
    const hash = await passwords.hash("a password of ours");
    expect([passwords.isOutdated(hash), createPasswords({ cost: 5 }).isOutdated(hash)]).toEqual([false, true]);
  });
});
