import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureAgainst } from "./against.ts";
import { measureCpu } from "./cpu.ts";
import type { Bench, Part, Section } from "./part.ts";
import { measureAttacks } from "./parts/attacks.ts";
import { measureHistory } from "./parts/history.ts";
import { measureInserts } from "./parts/inserts.ts";
import { measureMemory } from "./parts/memory.ts";
import { measureMixed } from "./parts/mixed.ts";
import { measurePage } from "./parts/page.ts";
import { measureCrowd, measureJoins } from "./parts/presence.ts";
import { measureRules } from "./parts/rules.ts";
import { measureSearch } from "./parts/search.ts";
import { measureShapes } from "./parts/shapes.ts";
import { measureSignIns } from "./parts/sign-ins.ts";
import { measureStall } from "./parts/stall.ts";
import { measureStorm } from "./parts/storm.ts";
import { stopAll } from "./processes.ts";
import { reportOf, writeReport } from "./report.ts";
import { startDatabase } from "./servers.ts";

/** The measurements, in the order of the report; a part is one line. */
const parts: readonly Part[] = [
  { letter: "a", title: "rooms × members (writers), and one writer", measure: measureShapes },
  { letter: "b", title: "sends without listeners", measure: measureInserts },
  { letter: "c", title: "idle connections", measure: measureMemory },
  { letter: "d", title: "processor time", measure: measureCpu },
  { letter: "e", title: "history and sync", measure: measureHistory },
  { letter: "f", title: "search", measure: measureSearch },
  { letter: "g", title: "many come into one room", measure: measureJoins },
  { letter: "h", title: "presence and typing in a crowd", measure: measureCrowd },
  { letter: "i", title: "sign-ins beside talk", measure: measureSignIns },
  { letter: "j", title: "an uninvolved room while others change", measure: measureStall },
  { letter: "k", title: "mixed work", measure: measureMixed },
  { letter: "l", title: "attacks at default limits", measure: measureAttacks },
  { letter: "m", title: "everybody comes back at once", measure: measureStorm },
  { letter: "n", title: "the page in a browser", measure: measurePage },
  { letter: "o", title: "200 active rules", measure: measureRules },
];

const { values: options } = parseArgs({
  options: {
    /** Comma-separated letters of parts. */
    only: { type: "string" },
    quick: { type: "boolean", default: false },
    /** Messages in the database of parts e and f; the target is about 10000000. */
    rows: { type: "string" },
    /** The folder of another built checkout: runs only the shapes of part (a), on both in alternation. */
    against: { type: "string" },
    /** With `against`: a subset of the shapes, such as 500x4,20x10. */
    shapes: { type: "string" },
  },
});
const letters = options.only?.split(",") ?? parts.map(({ letter }) => letter);
const chosen = parts.filter(({ letter }) => letters.includes(letter));
const isWhole = chosen.length === parts.length && !options.quick;

const say = (line: string): void => console.log(line);

const windows = options.quick ? { warmUpMs: 1_000, measureMs: 2_000, rounds: 1 } : { warmUpMs: 2_000, measureMs: 6_000, rounds: 3 };

async function measure(): Promise<string> {
  const database = await startDatabase();
  const bench: Bench = {
    database,
    isQuick: options.quick,
    rows: Number(options.rows ?? process.env.BENCH_ROWS ?? (options.quick ? 100_000 : 1_000_000)),
    windows,
    say,
  };
  try {
    if (options.against !== undefined) {
      const section = await measureAgainst(bench, options.against, options.shapes?.split(",") ?? []);
      return reportOf([section], windows.rounds);
    }
    const sections: Section[] = [];
    for (const part of chosen) {
      say(`(${part.letter}) ${part.title}`);
      sections.push(await part.measure(bench));
    }
    return reportOf(sections, bench.windows.rounds);
  } finally {
    await stopAll();
    await database.stop();
  }
}

async function main(): Promise<void> {
  if (!existsSync(new URL("../../dist/server.js", import.meta.url))) throw new Error("build first: npm run build");
  const report = await measure();
  say(`\n${report}`);
  if (isWhole && options.against === undefined) await writeReport(new URL("../../README.md", import.meta.url), report);
}

/** The child processes must exit before their database does; the parts that wait for them then fail, and `measure` cleans up. */
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stopAll());

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
