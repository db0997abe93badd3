// `npm test`: builds what is stale, checks types and style, runs all tests, and ends with one line that counts them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { searchLogs } from "./support/conformance/private-data.mjs";

const root = fileURLToPath(new URL("..", import.meta.url));
const reports = mkdtempSync(join(tmpdir(), "chatroom-report-"));
const logs = mkdtempSync(join(tmpdir(), "chatroom-logs-"));
const total = { passed: 0, failed: 0, skipped: 0 };
/** The names of all failures, repeated at the end of the log. */
const failures = [];

const children = new Set();
let isStopped = false;

/** Runs a program in the project and streams its output; returns whether it succeeded. */
async function run(command, args) {
  if (isStopped) return false;
  const child = spawn(command, args, { cwd: root, env: { ...process.env, TEST_LOGS: logs }, stdio: ["ignore", "inherit", "inherit"] });
  children.add(child);
  const [code] = await once(child, "exit");
  children.delete(child);
  return code === 0;
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    isStopped = true;
    for (const child of children) child.kill(signal);
  });
}

/** Runs a step that is not a test; a failure counts as one failed test. */
async function step(name) {
  console.log(`\n# ${name}`);
  const isDone = await run("npm", ["run", "--silent", name]);
  if (!isDone) {
    total.failed += 1;
    failures.push(name);
  }
  return isDone;
}

const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  }
};

/** Returns the names of the failures of a file: its tests, or the file itself if it does not load or exits with an error. */
function failuresOf({ name, status, message, assertionResults }) {
  if (status !== "failed") return [];
  const file = relative(root, name);
  const tests = assertionResults.filter((one) => one.status === "failed");
  if (tests.length === 0) return [`${file}: ${message}`];
  return tests.map((one) => `${file}: ${one.fullName}\n    ${one.failureMessages.join("\n").split("\n", 1)}`);
}

/** Runs one set of tests. A failure outside any test (a file that does not load, no tests at all) counts as one. */
async function tests(project) {
  console.log(`\n# tests: ${project}`);
  const file = join(reports, `${project}.json`);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const options = ["run", "--config", "tests/vitest.config.ts", "--project", project, "--reporter=default", "--reporter=json"];
  const isDone = await run(process.execPath, [vitest, ...options, `--outputFile.json=${file}`]);
  const report = readReport(file);
  const failed = report.testResults.flatMap(failuresOf);
  if (!isDone && failed.length === 0) failed.push(`${project}: the run did not end well`);
  failures.push(...failed);
  total.passed += report.numPassedTests;
  total.failed += failed.length;
  total.skipped += report.numPendingTests + report.numTodoTests;
}

/** Counts as one more test: the logs of all servers of the run contain no private data. */
function privateData() {
  console.log("\n# private data in the logs");
  const { lines, secrets, found } = searchLogs(logs);
  for (const { kind, line } of found.slice(0, 20)) console.log(`${kind}: ${line.slice(0, 400)}`);
  const isClean = found.length === 0 && lines > 0 && secrets > 0;
  console.log(`${found.length} found in ${lines} lines, searched for ${secrets} secrets`);
  total[isClean ? "passed" : "failed"] += 1;
  if (!isClean) failures.push("private data in the logs");
}

/** Counts as one more test: the run has covered every operation, every command and every event of the API documents. */
async function documentsSeen() {
  console.log("\n# answers, acks and events compared with the documents");
  const isDone = await run(process.execPath, ["--import", "tsx", "tests/support/conformance/conformance-coverage.ts", logs]);
  total[isDone ? "passed" : "failed"] += 1;
  if (!isDone) failures.push("answers, acks and events compared with the documents");
}

if (await step("build:stale")) {
  await Promise.all([step("typecheck"), step("lint")]);
  await tests("main");
  await tests("e2e");
  privateData();
  await documentsSeen();
}
for (const folder of [reports, logs]) rmSync(folder, { recursive: true, force: true });
if (failures.length > 0) console.log(`\n# failed\n${failures.join("\n")}`);
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
