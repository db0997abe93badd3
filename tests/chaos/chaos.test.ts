import { expect, it } from "vitest";
import { check } from "./checker.ts";
import { shortPlan } from "./plans.ts";
import { runChaos } from "./run.ts";

/** A different seed for every run by default; the same seed replays the same faults, clients and commands. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

it("keeps every delivery guarantee while server, database and network fail repeatedly", async () => {
  const { evidence } = await runChaos(shortPlan(seed));
  expect({ seed, faults: check(evidence).slice(0, 20) }).toEqual({ seed, faults: [] });
  expect(evidence.rows.length).toBeGreaterThan(300);
}, 120_000);
