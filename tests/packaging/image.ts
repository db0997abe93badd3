import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { productionPackages } from "../../utils/tooling/licenses.mjs";
import { ROOT } from "../house/sources.ts";
import { buildImage, type Image, imageAccount } from "./build-image.ts";
import { productionScripts, readStages, stepsOf } from "./dockerfile.ts";
import { takeJourney } from "./journey.ts";
import { installNode } from "./node-release.ts";
import { freePort, type RunningServer, startServer } from "./server.ts";

// `npm run test:image`: builds the file tree of the image by the steps of the Dockerfile, in empty folders and as an ordinary user, makes
// it read-only as compose.yml does, and uses it: the server, its health check, a journey, and every command that README documents. Takes
// minutes and needs the npm registry. `-- --keep` keeps the folders.
const run = promisify(execFile);
const COMMAND_TIMEOUT_MS = 120_000;
const LARGEST_MODULES_MB = 250;
const say = (line: string): void => console.log(line);

type Lockfile = Parameters<typeof productionPackages>[0];
type Context = { readonly image: Image; readonly path: string; readonly settings: Readonly<Record<string, string>> };

const readLockfile = async (path: string): Promise<Lockfile> => JSON.parse(await readFile(path, "utf8")) as Lockfile;

/** The arguments of each command of package.json, and the exit codes it may end with. Other commands are run with `--help`. */
const HARMLESS: Readonly<Record<string, { args: readonly string[]; codes: readonly number[] }>> = {
  admin: { args: ["--help"], codes: [64] },
  "keys:rotate": { args: [], codes: [0] },
  "search:rebuild": { args: [], codes: [0] },
};

const environmentOf = ({ image, path, settings }: Context): NodeJS.ProcessEnv => ({
  PATH: path,
  HOME: image.path("/home"),
  ...image.env,
  ...settings,
});

type Ended = { readonly code: number | null; readonly output: string };

/** Runs a program in the image. A program that does not exit is killed with all its children. */
async function runProgram(context: Context, program: string, args: readonly string[]): Promise<Ended> {
  const cwd = context.image.path(context.image.workdir);
  const env = environmentOf(context);
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true, ...imageAccount });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += String(chunk)));
  const timer = setTimeout(() => child.pid !== undefined && process.kill(-child.pid, "SIGKILL"), COMMAND_TIMEOUT_MS);
  const [code] = (await once(child, "close").finally(() => clearTimeout(timer))) as [number | null];
  return { code, output };
}

/** Runs `npm run <name>` in the image, and checks that it printed its own output. */
async function runScript(context: Context, name: string, { args, codes }: { args: readonly string[]; codes: readonly number[] }) {
  const { code, output } = await runProgram(context, "npm", ["run", name, "--", ...args]);
  const words = output
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("> "))
    .join(" | ");
  assert.doesNotMatch(output, /Cannot find|ERR_MODULE|EACCES|EROFS|SyntaxError/, `npm run ${name}: ${output}`);
  assert(code !== null && codes.includes(code), `npm run ${name} ended with ${code}: ${output}`);
  say(`  npm run ${[name, ...args].join(" ")} → ${code}: ${words}`);
}

/** Checks that the packages left after pruning are those that `npm run licenses` lists, without those of other platforms. */
async function checkPackages(image: Image): Promise<void> {
  const modules = image.path(join(image.workdir, "node_modules"));
  const { packages } = await readLockfile(join(modules, ".package-lock.json"));
  const installed = Object.entries(packages).filter(([path, entry]) => path.includes("node_modules/") && !entry.link);
  const listed = productionPackages(await readLockfile(join(ROOT, "package-lock.json")));
  const names = new Set(listed.map(({ name, version }) => `${name}@${version}`));
  const unlisted = installed
    .map(([path, { name, version }]) => `${name ?? path.slice(path.lastIndexOf("node_modules/") + 13)}@${version}`)
    .filter((one) => !names.has(one));
  assert.deepEqual(unlisted, [], "packages in the image that `npm run licenses` does not list");
  const { stdout } = await run("du", ["-sm", modules]);
  const megabytes = Number(stdout.split("\t")[0]);
  say(`node_modules: ${installed.length} packages, ${megabytes} MB`);
  assert(megabytes <= LARGEST_MODULES_MB, `node_modules has ${megabytes} MB; at most ${LARGEST_MODULES_MB} are meant to be shipped`);
}

async function checkHealth({ image, path, settings }: Context): Promise<void> {
  const [health] = stepsOf(image.stage, "health");
  assert(health, "the image has no health check");
  const [program = "", ...args] = health.args;
  await run(program, args, { env: { PATH: path, ...image.env, ...settings }, timeout: COMMAND_TIMEOUT_MS });
  say("health check: passed");
}

/** Uses the running server, and runs the commands while it runs. */
async function useImage(context: Context, server: RunningServer): Promise<void> {
  await checkHealth(context);
  const username = await takeJourney(server.url);
  say("journey: passed");
  await runScript(context, "admin", { args: [username], codes: [0] });
  const names = productionScripts().map(({ name }) => name);
  for (const name of names.filter((one) => one !== "start" && one !== "epoch:new"))
    await runScript(context, name, HARMLESS[name] ?? { args: ["--help"], codes: [0, 1, 64] });
}

async function main(folder: string): Promise<void> {
  const stages = readStages();
  const [range = ""] = /(?<=^node:)[\d.]+/.exec(stages.at(-1)?.image ?? "") ?? [];
  const node = await installNode(range, folder);
  say(`building with Node.js ${node.version}`);
  await chmod(folder, 0o755);
  const image = await buildImage({ folder, nodeBin: node.bin, onStep: say });
  await checkPackages(image);
  await run("chmod", ["-R", "a-w", image.path(image.workdir), image.path("/home")]);

  const port = await freePort();
  const settings = {
    PORT: String(port),
    HOST: "127.0.0.1",
    PUBLIC_URL: "https://chat.your.domain",
    TRUST_PROXY: "1",
    APP_SECRET: randomBytes(48).toString("base64"),
    DATA_KEY: randomBytes(48).toString("base64"),
  };
  const context: Context = { image, path: [node.bin, process.env.PATH].join(":"), settings };
  const [command] = stepsOf(image.stage, "command");
  assert(command, "the image has no command");
  const cwd = image.path(image.workdir);
  const server = await startServer({ args: command.args, cwd, env: environmentOf(context), port, account: imageAccount });
  try {
    await useImage(context, server);
  } finally {
    assert.equal(await server.stop(), 0, "the server did not stop with 0");
  }
  await runScript(context, "epoch:new", { args: [], codes: [0] });
  say("the image works");
}

const folder = await mkdtemp(join(tmpdir(), "chatroom-image-"));
try {
  await main(folder);
} finally {
  if (!process.argv.includes("--keep")) {
    await run("chmod", ["-R", "u+w", folder]);
    await rm(folder, { recursive: true, force: true });
  }
}
