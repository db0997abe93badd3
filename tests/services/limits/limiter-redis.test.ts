import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import winston from "winston";
import { deriveKeys } from "../../../services/auth/tokens/keys.ts";
import { createLimiter, type Limiter } from "../../../services/limits/limiter.ts";
import { type TestRedis, testRedis } from "../../support/redis.ts";

const keys = deriveKeys({ current: "a secret of two nodes, forty characters." });
const logger = winston.createLogger({ silent: true });
const nodes: Limiter[] = [];
let redis: TestRedis;

const isShared = async (expected: boolean) => {
  await vi.waitUntil(() => nodes.every((node) => node.isShared() === expected), { timeout: 30_000 });
};
const node = (index: number): Limiter => {
  const found = nodes[index];
  if (found === undefined) throw new Error(`There is no node ${index}.`);
  return found;
};

beforeAll(async () => {
  redis = await testRedis();
  for (let count = 0; count < 2; count++) nodes.push(createLimiter({ scale: 1, keys, logger, redis: { url: redis.url } }));
  await isShared(true);
}, 120_000);
afterAll(async () => {
  await Promise.all(nodes.map((limiter) => limiter.stop()));
  await redis.remove();
});

it("the limiter with Redis: shares one budget between all nodes, and stores no address", async () => {
  for (let call = 0; call < 40; call++) await node(call % 2).consume("messagesOfMember", "ann");
  for (const limiter of nodes)
    await expect(limiter.consume("messagesOfMember", "ann")).rejects.toMatchObject({
      code: "rate_limited",
      data: { limit: 40, remaining: 0 },
    });
  expect((await node(0).consume("messagesOfMember", "eve")).remaining).toBe(39);
  await node(0).consume("rest", "192.0.2.77");
  expect((await node(1).consume("rest", "192.0.2.77")).remaining).toBe(58);
  const client = new Redis({ path: redis.url.replace("unix://", "") });
  const stored = await client.keys("*");
  client.disconnect();
  expect(stored.length).toBeGreaterThan(2);
  expect(stored.join()).not.toContain("192.0.2");
});

it("the limiter with Redis: falls back to a budget per node at once while Redis is unavailable, and shares again afterwards", async () => {
  await redis.kill();
  const began = performance.now();
  for (let call = 0; call < 40; call++) await node(0).consume("messagesOfMember", "zoe");
  expect(performance.now() - began).toBeLessThan(1_000);
  await expect(node(0).consume("messagesOfMember", "zoe")).rejects.toMatchObject({ code: "rate_limited" });
  expect((await node(1).consume("messagesOfMember", "zoe")).remaining).toBe(39);
  await isShared(false);
  await redis.start();
  await isShared(true);
  await node(0).consume("heartbeat", "zoe");
  expect((await node(1).consume("heartbeat", "zoe")).remaining).toBe(118);
});

it("the limiter with a hanging Redis: decides locally after one timeout, and shares again afterwards", async () => {
  redis.freeze();
  const spent = await Promise.all(Array.from({ length: 40 }, () => node(0).consume("messagesOfMember", "kim")));
  expect(spent.map(({ remaining }) => remaining).sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, left) => left));
  await expect(node(0).consume("messagesOfMember", "kim")).rejects.toMatchObject({ code: "rate_limited" });
  expect((await node(1).consume("messagesOfMember", "kim")).remaining).toBe(39);
  await isShared(false);
  redis.thaw();
  await isShared(true);
  await node(0).consume("heartbeat", "kim");
  expect((await node(1).consume("heartbeat", "kim")).remaining).toBe(118);
});

it("the limiter without Redis: reports nothing about sharing", async () => {
  const alone = createLimiter({ scale: 1, keys, logger });
  expect(alone.isShared()).toBeNull();
  await alone.stop();
});
