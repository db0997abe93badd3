// Lists the parts of the contract that no test of a run has covered: `node --import tsx tests/support/conformance/conformance-coverage.ts
// <folder>`. The folder contains the records of tests/support/conformance/conformance.ts.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { otherEndpoints } from "../../../utils/contract/docs/other-endpoints.ts";
import { commands, serverEvents } from "../../../utils/contract/events.ts";
import { operations } from "../../../utils/contract/operations/index.ts";

const [folder = ""] = process.argv.slice(2);
const seen = new Set(
  readdirSync(folder)
    .filter((name) => name.endsWith(".seen"))
    .flatMap((name) => readFileSync(join(folder, name), "utf8").split("\n")),
);
const wanted = [
  ...[...Object.keys(operations), ...Object.keys(otherEndpoints)].map((name) => `operation ${name}`),
  ...Object.keys(commands).map((name) => `command ${name}`),
  ...Object.keys(serverEvents).map((name) => `event ${name}`),
];
const missing = wanted.filter((what) => !seen.has(what));
for (const what of missing) console.log(`no test has seen: ${what}`);
console.log(`${wanted.length - missing.length} of ${wanted.length} operations, commands and events seen as the documents describe them`);
process.exitCode = missing.length === 0 ? 0 : 1;
