import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmod, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { ROOT } from "../house/sources.ts";
import { takeJourney } from "./journey.ts";
import { installNode, type NodeRelease } from "./node-release.ts";
import { freePort, startServer } from "./server.ts";

// `npm run test:node`: starts the built server on every supported release line of Node.js in production mode, takes one journey on each,
// stops it, and checks that older releases exit with one sentence. Needs the npm registry. `-- 22 24` runs only those.
const run = promisify(execFile);
const SUPPORTED = ["20.19.0", "22.12.0", "22", "24"];
const TOO_OLD = ["18", "20.18"];
const COMMAND_TIMEOUT_MS = 60_000;
const say = (line: string): void => console.log(line);

const pathWith = ({ bin }: NodeRelease): string => [bin, process.env.PATH].join(":");

/** Checks `npm start`, one journey, and SIGTERM. */
async function checkSupported(node: NodeRelease, folder: string): Promise<void> {
  const port = await freePort();
  const dataDir = join(folder, `data-${node.version}`);
  await mkdir(dataDir, { mode: 0o755 });
  const env = {
    PATH: pathWith(node),
    HOME: folder,
    NODE_ENV: "production",
    PORT: String(port),
    HOST: "127.0.0.1",
    DATA_DIR: dataDir,
    PUBLIC_URL: "https://chat.your.domain",
    TRUST_PROXY: "1",
    APP_SECRET: randomBytes(48).toString("base64"),
    DATA_KEY: randomBytes(48).toString("base64"),
  };
  const server = await startServer({ args: ["npm", "start"], cwd: ROOT, env, port, account: {} });
  try {
    await takeJourney(server.url);
  } finally {
    assert.equal(await server.stop(), 0, "the server did not stop with 0");
  }
  say(`Node.js ${node.version}: started, journey passed, stopped`);
}

/** Checks that `npm start` and `npm run admin` exit with one sentence and no other output. */
async function checkTooOld(node: NodeRelease): Promise<void> {
  for (const args of [["start"], ["run", "admin", "--", "somebody"]]) {
    const env = { PATH: pathWith(node), HOME: tmpdir() };
    const end = await run("npm", ["--silent", ...args], { cwd: ROOT, env, timeout: COMMAND_TIMEOUT_MS }).then(
      () => assert.fail(`npm ${args.join(" ")} did not fail on Node.js ${node.version}`),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
    const sentence = `The Chatroom needs Node.js 20.19 or later; this is ${node.version}.\n`;
    assert.deepEqual([end.code, end.stdout, end.stderr], [1, "", sentence]);
  }
  say(`Node.js ${node.version}: refused with one sentence`);
}

const folder = await mkdtemp(join(tmpdir(), "chatroom-node-"));
try {
  await chmod(folder, 0o755);
  const chosen = process.argv.slice(2);
  const isChosen = (range: string): boolean => chosen.length === 0 || chosen.includes(range);
  for (const range of SUPPORTED.filter(isChosen)) await checkSupported(await installNode(range, folder), folder);
  for (const range of TOO_OLD.filter(isChosen)) await checkTooOld(await installNode(range, folder));
} finally {
  await rm(folder, { recursive: true, force: true });
}
