import { parseArgs } from "node:util";
import { type Fault, MOMENTS, type Result, runFault, SIGNALS, TARGETS } from "./fault-cell.ts";
import { makeLoad } from "./fault-load.ts";
import { makeFaultNode } from "./fault-node.ts";
import { createRandom, type Random } from "./random.ts";

// `npm run test:faults`: kills, terminates and stops a backend, PostgreSQL itself, all of PostgreSQL, and the server, while idle, under
// load, during a start and during a stop. After each the server must start again without help and have every acknowledged message. `--
// --seed 7` replays the same faults; `-- --only "backend KILL stop"` those of one kind.
const { values } = parseArgs({ options: { seed: { type: "string" }, only: { type: "string", default: "" } } });
const seed = Number(values.seed ?? Math.floor(Math.random() * 1e9));

const LONGEST_START_MS = 2_500;
const AROUND_STOP_MS = 100;

/** A backend that is killed just before a stop can make PostgreSQL's fast shutdown hang: several offsets are tried. */
function offsetsOf(target: Fault["target"], moment: Fault["moment"], random: Random): number[] {
  if (moment === "start") return [random.below(LONGEST_START_MS)];
  if (moment !== "stop") return [0];
  if (target === "backend") return [-60, -random.below(AROUND_STOP_MS), random.below(AROUND_STOP_MS)];
  // A server that was signalled before its stop no longer exists when it would be stopped.
  return [target === "server" ? random.below(AROUND_STOP_MS) : random.below(2 * AROUND_STOP_MS) - AROUND_STOP_MS];
}

const nameOf = ({ target, signal, moment }: Fault): string => `${target} ${signal} ${moment}`;

function faultsOf(random: Random): Fault[] {
  const all = TARGETS.flatMap((target) =>
    SIGNALS.flatMap((signal) =>
      MOMENTS.flatMap((moment) => offsetsOf(target, moment, random).map((offsetMs): Fault => ({ target, signal, moment, offsetMs }))),
    ),
  );
  return all.filter((fault) => nameOf(fault).includes(values.only));
}

function report({ fault, hit, exit, readyAfterMs, problems }: Result): string {
  const ended = exit === null ? "ended by the fault" : `ended with ${exit.how} after ${exit.tookMs} ms`;
  const verdict = problems.length === 0 ? `ready again after ${readyAfterMs} ms` : `BROKEN: ${problems.join("; ")}`;
  return `${nameOf(fault).padEnd(22)} ${String(fault.offsetMs).padStart(5)} ms  [${hit}]  ${ended}; ${verdict}`;
}

const random = createRandom(seed);
const node = await makeFaultNode();
let broken = 0;
try {
  node.spawn();
  const outcome = await node.ready();
  if (typeof outcome !== "number") throw new Error(outcome);
  const load = await makeLoad(node);
  console.log(`seed ${seed}`);
  for (const fault of faultsOf(random)) {
    const result = await runFault({ node, load, random }, fault);
    console.log(report(result));
    if (result.problems.length === 0) continue;
    broken += 1;
    if (!node.isRunning()) break;
  }
  const exit = await node.stop();
  const { postmaster, backends } = node.database();
  const left = backends.length + (postmaster ? 1 : 0);
  console.log(`${load.acknowledged.size} acknowledged; ${broken} broken; ended with ${exit.how}; ${left} processes left (seed ${seed})`);
  if (broken > 0 || exit.how !== 0 || left > 0) process.exitCode = 1;
} finally {
  if (broken > 0) console.log(node.log.slice(-40).join("\n"));
  await node.remove();
}
