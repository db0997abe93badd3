import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import winston from "winston";
import { deriveKeys } from "../../../services/auth/tokens/keys.ts";
import { networkKey, networkOf, subscriberOf } from "../../../services/limits/addresses.ts";
import { messagesBudgetOf } from "../../../services/limits/budgets.ts";
import { consumeGuestBudget } from "../../../services/limits/guest-budget.ts";
import { createLimiter } from "../../../services/limits/limiter.ts";
import type { BudgetName } from "../../../utils/contract/limits.ts";

const logger = winston.createLogger({ silent: true });
const keys = deriveKeys({ current: "a secret of the limiter's tests, long enough" });
const newLimiter = (scale = 1) => createLimiter({ scale, keys, logger });

beforeEach(() => void vi.useFakeTimers({ now: new Date("2026-11-21T12:00:00Z") }));
afterEach(() => void vi.useRealTimers());

describe("a rate limit budget", () => {
  // The numbers are those of the contract, written out so that a changed default fails here.
  const table: [BudgetName, number, number][] = [
    ["rest", 60, 60_000],
    ["heartbeat", 120, 60_000],
    ["guestsOfAddress", 3, 3_600_000],
    ["guestsOfNetwork", 20, 3_600_000],
    ["messagesOfGuest", 5, 15_000],
    ["messagesOfMember", 40, 30_000],
    ["messagesOfStaff", 10, 1_000],
  ];
  it.each(table)("%s grants %i in %i ms, rejects the next, and is full again after that time", async (name, points, windowMs) => {
    const limiter = newLimiter();
    for (let spent = 1; spent <= points; spent++) {
      expect(await limiter.consume(name, "ann")).toEqual({ limit: points, remaining: points - spent, resetMs: windowMs });
    }
    vi.advanceTimersByTime(windowMs / 2);
    await expect(limiter.consume(name, "ann")).rejects.toMatchObject({
      code: "rate_limited",
      data: { limit: points, remaining: 0, resetMs: windowMs / 2, retryAfterMs: windowMs / 2 },
    });
    expect((await limiter.consume(name, "eve")).remaining).toBe(points - 1);
    vi.advanceTimersByTime(windowMs / 2);
    expect((await limiter.consume(name, "ann")).remaining).toBe(points - 1);
  });

  it("of a guest's messages: also allows 20 in 5 minutes, which rejected messages do not count towards", async () => {
    const limiter = newLimiter();
    for (let round = 0; round < 4; round++) {
      for (let sent = 0; sent < 5; sent++) await limiter.consume("messagesOfGuest", "ann");
      for (let more = 0; more < 10; more++)
        await expect(limiter.consume("messagesOfGuest", "ann")).rejects.toMatchObject({ data: { limit: 5 } });
      vi.advanceTimersByTime(15_000);
    }
    await expect(limiter.consume("messagesOfGuest", "ann")).rejects.toMatchObject({ data: { limit: 20, retryAfterMs: 240_000 } });
  });

  it("reports the tightest window", async () => {
    const limiter = newLimiter();
    expect(await limiter.consume("messagesOfGuest", "ann")).toEqual({ limit: 5, remaining: 4, resetMs: 15_000 });
  });

  it("is a thousand times as large for load tests", async () => {
    expect(await newLimiter(1_000).consume("rest", "ann")).toMatchObject({ limit: 60_000, remaining: 59_999 });
  });

  it("is shared by all addresses of an IPv6 /64, and by both notations of an IPv4 address", async () => {
    const limiter = newLimiter();
    await limiter.consume("rest", "2001:db8:1:2::1");
    expect((await limiter.consume("rest", "2001:db8:1:2:ffff::9")).remaining).toBe(58);
    expect((await limiter.consume("rest", "2001:db8:1:3::1")).remaining).toBe(59);
    await limiter.consume("rest", "192.0.2.7");
    expect((await limiter.consume("rest", "::ffff:192.0.2.7")).remaining).toBe(58);
  });
});

describe("rate limiting by address", () => {
  it.each([
    ["192.0.2.7", "192.0.2.7", "192.0.2"],
    ["::ffff:192.0.2.7", "192.0.2.7", "192.0.2"],
    ["2001:db8:a:b:c:d:e:f", "2001:db8:a:b", "2001:db8:a"],
    ["2001:0DB8:000a::1", "2001:db8:a:0", "2001:db8:a"],
    ["::1", "0:0:0:0", "0:0:0"],
    ["fe80::1%eth0", "fe80:0:0:0", "fe80:0:0"],
  ])("%s belongs to the subscriber %s in the network %s", (address, subscriber, network) => {
    expect([subscriberOf(address), networkOf(address)]).toEqual([subscriber, network]);
  });

  it("stores a hash that depends on the installation's key", () => {
    const key = networkKey(keys.address, "192.0.2.7");
    expect(key).toMatch(/^[\w-]{43}$/);
    expect(key).toBe(networkKey(keys.address, "192.0.2.200"));
    expect(key).not.toBe(networkKey(deriveKeys({ current: "another secret" }).address, "192.0.2.7"));
  });
});

describe("rate limiting new guests", () => {
  const spend = (limits: ReturnType<typeof newLimiter>, address: string) => consumeGuestBudget({ limits, keys, origin: { address } });

  it("allows 3 an hour per address", async () => {
    const limiter = newLimiter();
    for (let made = 0; made < 3; made++) await spend(limiter, "192.0.2.1");
    await expect(spend(limiter, "192.0.2.1")).rejects.toMatchObject({ code: "guest_limit", data: { retryAfterMs: 3_600_000 } });
    await spend(limiter, "192.0.2.2");
  });

  it("allows 20 an hour per network, which a single address cannot use up", async () => {
    const limiter = newLimiter();
    await Promise.allSettled(Array.from({ length: 100 }, () => spend(limiter, "192.0.2.1")));
    for (let neighbour = 2; neighbour <= 18; neighbour++) await spend(limiter, `192.0.2.${neighbour}`);
    await expect(spend(limiter, "192.0.2.19")).rejects.toMatchObject({ code: "guest_limit" });
    await spend(limiter, "192.0.3.1");
  });
});

it("a message: is charged to the budget of its author's role", () => {
  expect(messagesBudgetOf(null)).toBe("messagesOfGuest");
  expect(messagesBudgetOf({ kind: "guest", role: "guest" })).toBe("messagesOfGuest");
  expect(messagesBudgetOf({ kind: "member", role: "member" })).toBe("messagesOfMember");
  expect(messagesBudgetOf({ kind: "member", role: "moderator" })).toBe("messagesOfStaff");
  expect(messagesBudgetOf({ kind: "member", role: "admin" })).toBe("messagesOfStaff");
  expect(messagesBudgetOf({ kind: "bot", role: "member" })).toBe("messagesOfStaff");
});
