import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { measureHistory } from "./history.ts";
import { measureInserts } from "./inserts.ts";
import { measureMemory } from "./memory.ts";
import { stopAll } from "./processes.ts";
import { type Results, reportOf, writeReport } from "./report.ts";
import { type Database, startBare, startDatabase, startOurs } from "./servers.ts";
import { measureShapes, type Windows } from "./shapes.ts";
import { measureSignIns } from "./sign-ins.ts";

const PARTS = ["a", "b", "c", "d", "e"] as const;

const { values: options } = parseArgs({ options: { only: { type: "string" }, quick: { type: "boolean", default: false } } });
const chosen = PARTS.filter((part) => (options.only ?? PARTS.join()).split(",").includes(part));
const isWhole = chosen.length === PARTS.length && !options.quick;
const windows: Windows = options.quick
  ? { warmUpMs: 1_000, measureMs: 2_000, rounds: 1 }
  : { warmUpMs: 2_000, measureMs: 6_000, rounds: 3 };

const say = (line: string): void => console.log(line);

async function shapesAndInserts(database: Database, results: Results): Promise<void> {
  const [bare, ours] = [await startBare(), await startOurs(database)];
  if (chosen.includes("a")) {
    say("(a) rooms × members (writers)");
    results.shapes = await measureShapes({ database, bare, ours, windows, say });
  }
  if (chosen.includes("d")) {
    say("(d) sends without listeners");
    results.inserts = await measureInserts({ database, ours, windows, say });
  }
  await Promise.all([bare.stop(), ours.stop()]);
}

async function history(database: Database, results: Results): Promise<void> {
  say("(c) history");
  const ours = await startOurs(database);
  const size = options.quick ? { messages: 100_000, calls: 400, rounds: 1 } : { messages: 1_000_000, calls: 2_000, rounds: windows.rounds };
  results.history = await measureHistory({ database, ours, ...size, say });
  await ours.stop();
}

async function signIns(database: Database, results: Results): Promise<void> {
  say("(e) sign-ins beside talk");
  const ours = await startOurs(database);
  results.signIns = await measureSignIns({ database, ours, rounds: windows.rounds, say });
  await ours.stop();
}

async function measure(database: Database): Promise<Results> {
  const results: Results = { rounds: windows.rounds };
  if (chosen.includes("b")) {
    say("(b) idle connections");
    results.memory = await measureMemory({ database, connections: options.quick ? 1_000 : 5_000, rounds: windows.rounds, say });
  }
  if (chosen.includes("a") || chosen.includes("d")) await shapesAndInserts(database, results);
  if (chosen.includes("c")) await history(database, results);
  if (chosen.includes("e")) await signIns(database, results);
  return results;
}

async function main(): Promise<void> {
  if (!existsSync(new URL("../../dist/server.js", import.meta.url))) throw new Error("build first: npm run build");
  const database = await startDatabase();
  try {
    const report = reportOf(await measure(database));
    say(`\n${report}`);
    if (isWhole) await writeReport(new URL("../../README.md", import.meta.url), report);
  } finally {
    await stopAll();
    await database.stop();
  }
}

/** What runs must end before its database does; the parts that wait for it then fail, and `main` cleans up. */
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stopAll());

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
