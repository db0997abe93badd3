import { expect, it } from "vitest";
import { check } from "./checker.ts";
import { shortPlan } from "./plans.ts";
import { runChaos } from "./run.ts";

/** Another one with every run unless told; the same one plays the same troubles, clients and commands. */
const seed = Number(process.env.CHAOS_SEED ?? Date.now() % 1_000_000);

it("keeps every promise of delivery while server, database and net break again and again", async () => {
  const { evidence } = await runChaos(shortPlan(seed));
  expect({ seed, faults: check(evidence).slice(0, 20) }).toEqual({ seed, faults: [] });
  expect(evidence.rows.length).toBeGreaterThan(300);
}, 120_000);
