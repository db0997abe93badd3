import { setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type PausableTimer, withTimeout } from "../../../utils/async/with-timeout.ts";

const never = () => new Promise<never>(() => undefined);

describe("work within a time", () => {
  it("is answered, or refused when the time is over", async () => {
    expect(await withTimeout(1_000, async () => "done")).toBe("done");
    await expect(withTimeout(20, never)).rejects.toMatchObject({ code: "unavailable", data: { retryAfterMs: 1_000 } });
    await expect(withTimeout(1_000, () => Promise.reject(new Error("its own")))).rejects.toThrow("its own");
  });

  it("is not charged for a wait that has a bound of its own, but for all before and after it", async () => {
    const excused = async (countdown: PausableTimer) => {
      countdown.stop();
      await pause(150);
      countdown.start();
    };
    expect(await withTimeout(50, (countdown) => excused(countdown).then(() => "late, and in time"))).toBe("late, and in time");
    await expect(withTimeout(50, (countdown) => excused(countdown).then(never))).rejects.toMatchObject({ code: "unavailable" });
  });
});
