import { parseArgs } from "node:util";
import { check } from "./checker.ts";
import { fullPlan, shortPlan } from "./plans.ts";
import { runChaos } from "./run.ts";

// `npm run test:chaos`: clients keep sending while everything around them fails; afterwards a checker that is independent of the server
// compares what each client received with the database. `-- --seed 7` replays one run, `-- --short` runs a short one.
const { values } = parseArgs({ options: { seed: { type: "string" }, short: { type: "boolean", default: false } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));
const plan = values.short ? shortPlan(seed) : fullPlan(seed);
const say = (line: string): void => console.log(line);

say(`${plan.clients} clients in ${plan.rooms} rooms, ${plan.troubles.length} troubles, seed ${seed}`);
const { evidence, acks, slowestReturnMs } = await runChaos(plan, say);
const faults = check(evidence);
for (const { rule, what } of faults.slice(0, 50)) say(`BROKEN: ${rule}: ${what}`);
say(
  `${acks} acknowledged, ${evidence.rows.length} messages, ${evidence.changes.length} changes; answered again after ${slowestReturnMs} ms at most; ${faults.length} promises broken (seed ${seed})`,
);
process.exitCode = faults.length > 0 ? 1 : 0;
