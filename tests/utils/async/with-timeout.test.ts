import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type PausableTimer, withTimeout } from "../../../utils/async/with-timeout.ts";

const never = () => new Promise<never>(() => undefined);

describe("running work with a timeout", () => {
  it("returns the result, or rejects after the timeout", async () => {
    expect(await withTimeout(1_000, async () => "done")).toBe("done");
    await expect(withTimeout(20, never)).rejects.toMatchObject({ code: "unavailable", data: { retryAfterMs: 1_000 } });
    await expect(withTimeout(1_000, () => Promise.reject(new Error("its own")))).rejects.toThrow("its own");
  });

  it("excludes a wait that has a timeout of its own, and includes all work before and after it", async () => {
    const excused = async (countdown: PausableTimer) => {
      countdown.stop();
      await pause(150);
      countdown.start();
    };
    expect(await withTimeout(50, (countdown) => excused(countdown).then(() => "late, and in time"))).toBe("late, and in time");
    await expect(withTimeout(50, (countdown) => excused(countdown).then(never))).rejects.toMatchObject({ code: "unavailable" });
  });
});
