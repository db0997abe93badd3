import type { Request } from "express";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { pauseDeadline, withinDeadline } from "../../middleware/request-deadline.ts";
import { type OperationName, operations } from "../../utils/contract/operations/index.ts";
import { clientTimeoutOf, passwordOperations, serverTimeoutOf, timeouts } from "../../utils/contract/timeouts.ts";

beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] }));
afterEach(() => void vi.useRealTimers());

const request = (): Request => ({ method: "POST", baseUrl: "", path: "/api/auth/signin" }) as Request;
const never = () => new Promise<never>(() => undefined);

/** Returns when some work settled, in ms from now, and its error. */
async function endOf(work: Promise<unknown>): Promise<{ ms: number; error: unknown }> {
  const startedAt = performance.now();
  const settled = work.then(
    () => ({ ms: performance.now() - startedAt, error: null }),
    (error: unknown) => ({ ms: performance.now() - startedAt, error }),
  );
  await vi.advanceTimersByTimeAsync(120_000);
  return settled;
}

it("a request deadline: answers unavailable when the parts of a request take too long together, and the cause names the request", async () => {
  const req = request();
  await Promise.all([withinDeadline(req, () => new Promise((resolve) => setTimeout(resolve, 1_000))), vi.advanceTimersByTimeAsync(1_000)]);
  const { ms, error } = await endOf(withinDeadline(req, never));
  expect(ms).toBe(timeouts.callMs - 1_000);
  expect(error).toMatchObject({ code: "unavailable", data: { retryAfterMs: 1_000 } });
  expect(String((error as Error).cause)).toContain("POST /api/auth/signin took longer than");
});

it("a request deadline: is not extended by a nested part", async () => {
  const req = request();
  const inner = () => withinDeadline(req, never);
  expect((await endOf(withinDeadline(req, inner))).ms).toBe(timeouts.callMs);
});

it("a request deadline: does not charge the wait for password hashing where the operation hashes one", async () => {
  const req = request();
  const wait = () => pauseDeadline(req, () => new Promise((resolve) => setTimeout(resolve, 20_000)));
  expect(await endOf(withinDeadline(req, wait, timeouts.passwordCallMs))).toEqual({ ms: 20_000, error: null });
});

it("the wait for password hashing: ends with the timeout of the operation", async () => {
  const req = request();
  const { ms, error } = await endOf(withinDeadline(req, () => pauseDeadline(req, never), timeouts.passwordCallMs));
  expect([ms, (error as { code: string }).code]).toEqual([timeouts.passwordCallMs, "unavailable"]);
});

it("the wait for password hashing: is charged to the request where the operation hashes none", async () => {
  const req = request();
  expect((await endOf(withinDeadline(req, () => pauseDeadline(req, never)))).ms).toBe(timeouts.callMs);
});

it("the timeout of every operation: is longer on the client than on the server, and the password queue ends before the server's timeout", () => {
  const names = Object.keys(operations) as OperationName[];
  for (const name of names) expect(clientTimeoutOf(name)).toBeGreaterThan(serverTimeoutOf(name));
  for (const name of passwordOperations) expect(serverTimeoutOf(name)).toBeGreaterThanOrEqual(timeouts.passwordQueueMs + timeouts.callMs);
});
