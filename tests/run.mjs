// `npm test`: builds what is stale, checks types and style, runs all tests, and ends with one line that counts them.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const reports = mkdtempSync(join(tmpdir(), "chatroom-report-"));
const total = { passed: 0, failed: 0, skipped: 0 };

let child = null;
let isStopped = false;

/** Runs a program in the project, its words shown as they come; answers whether it succeeded. */
async function run(command, args) {
  if (isStopped) return false;
  child = spawn(command, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
  const [code] = await once(child, "exit");
  return code === 0;
}

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.on(signal, () => {
    isStopped = true;
    child?.kill(signal);
  });
}

/** A step that is no test counts as one failed test when it fails. */
async function step(name) {
  console.log(`\n# ${name}`);
  const isDone = await run("npm", ["run", "--silent", name]);
  if (!isDone) total.failed += 1;
  return isDone;
}

const readReport = (file) => {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0, numTodoTests: 0, testResults: [] };
  }
};

/** Runs one set of tests. What failed outside of any test (a file that does not load, no tests at all) counts as one. */
async function tests(project) {
  console.log(`\n# tests: ${project}`);
  const file = join(reports, `${project}.json`);
  const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
  const options = ["run", "--config", "tests/vitest.config.ts", "--project", project, "--reporter=default", "--reporter=json"];
  const isDone = await run(process.execPath, [vitest, ...options, `--outputFile.json=${file}`]);
  const report = readReport(file);
  const brokenFiles = report.testResults.filter((result) => result.status === "failed" && result.assertionResults.length === 0).length;
  const failed = report.numFailedTests + brokenFiles;
  total.passed += report.numPassedTests;
  total.failed += isDone ? failed : Math.max(failed, 1);
  total.skipped += report.numPendingTests + report.numTodoTests;
}

if (await step("build:stale")) {
  await step("typecheck");
  await step("lint");
  await tests("main");
  await tests("e2e");
}
rmSync(reports, { recursive: true, force: true });
process.exitCode = total.failed > 0 ? 1 : 0;
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ""}`);
