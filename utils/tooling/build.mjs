// Builds what is stale: the Prisma client, the server (dist/), the page (dist/public). Plain JavaScript, because it runs before anything
// that could read TypeScript is available.
// node utils/tooling/build.mjs            what is stale
// node utils/tooling/build.mjs --all      everything
// node utils/tooling/build.mjs client     one part, if stale
import "./node-version.mjs";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { closeSync, cpSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
const at = (...path) => join(root, ...path);
const cache = at("node_modules", ".cache", "chatroom");
const lockFile = join(cache, "build.lock");

const SERVER_SOURCES = ["server.ts", "routes", "services", "middleware", "prisma", "utils", "jobs"];
const ENVIRONMENT = {
  // Generating the client does not run the schema engine, but Prisma would download one unless some file is requested.
  PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
  PRISMA_HIDE_UPDATE_MESSAGE: "1",
  CHECKPOINT_DISABLE: "1",
};

/**
 * The parts to build: their sources, the file that proves that they are built, and the build function. `output` is the file that an
 * installation without the sources has instead, if it is a different one. Only `client` depends on the order.
 */
const PARTS = {
  client: {
    sources: ["prisma/schema", "prisma/prisma.config.ts", "package-lock.json"],
    proof: "prisma/generated/client.ts",
    output: "dist/prisma/generated/client.js",
    build: () => runTool("prisma", "prisma", ["generate", "--config", "prisma/prisma.config.ts"]),
  },
  server: {
    sources: [...SERVER_SOURCES, "tsconfig.json", "package-lock.json"],
    proof: "dist/server.js",
    build: buildServer,
  },
  // Built only with --all: the server does not need it, but programs that install the client do.
  package: {
    sources: ["utils/client", "utils/contract", "tsconfig.json", "package-lock.json"],
    proof: "utils/client/dist/client.js",
    build: () => runTool("tsx", "tsx", ["utils/client/build-package.mjs"]),
  },
  page: {
    sources: ["public", "utils/contract", "utils/client", "package-lock.json"],
    proof: "dist/public/index.html",
    build: () => runTool("vite", "vite", ["build", "--config", "public/vite.config.ts", "--logLevel", "warn"]),
  },
};

function binaryOf(packageName, command) {
  const manifest = createRequire(import.meta.url).resolve(`${packageName}/package.json`);
  const { bin } = JSON.parse(readFileSync(manifest, "utf8"));
  return join(dirname(manifest), typeof bin === "string" ? bin : bin[command]);
}

/** Runs a development tool with this Node. Its output is shown only if it fails. */
function runTool(packageName, command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [binaryOf(packageName, command), ...args], {
      cwd: root,
      env: { ...process.env, ...ENVIRONMENT },
    });
    const output = [];
    child.stdout.on("data", (chunk) => output.push(chunk));
    child.stderr.on("data", (chunk) => output.push(chunk));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(`${command} failed:\n${Buffer.concat(output)}`))));
  });
}

/** Builds the server without checking types, which `npm run typecheck` does; this is several times faster. */
async function buildServer() {
  const old = existsSync(at("dist")) ? readdirSync(at("dist")).filter((name) => name !== "public") : [];
  for (const name of old) rmSync(at("dist", name), { recursive: true });
  await runTool("typescript", "tsc", ["--project", "tsconfig.json", "--noCheck"]);
  cpSync(at("prisma", "migrations"), at("dist", "prisma", "migrations"), { recursive: true });
}

function filesOf(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .filter((name) => name !== "dist")
    .sort()
    .flatMap((name) => filesOf(join(path, name)));
}

/** Returns a fingerprint of file contents, not of timestamps, so that two checkouts of the same sources are equal. */
function fingerprint(sources) {
  const hash = createHash("sha256");
  const files = sources.flatMap((source) => filesOf(at(source)));
  for (const file of files.filter((path) => !path.startsWith(at("prisma", "generated"))))
    hash.update(file.slice(root.length)).update(readFileSync(file));
  return hash.digest("hex");
}

const stampFile = (part) => join(cache, `${part}.stamp`);
const isFresh = (part, print) =>
  existsSync(at(PARTS[part].proof)) && existsSync(stampFile(part)) && readFileSync(stampFile(part), "utf8") === print;

async function buildPart(part, mustBuild) {
  const print = fingerprint(PARTS[part].sources);
  if (!mustBuild && isFresh(part, print)) return;
  const start = performance.now();
  rmSync(stampFile(part), { force: true });
  await PARTS[part].build();
  writeFileSync(stampFile(part), print);
  console.log(`Built the ${part} in ${((performance.now() - start) / 1000).toFixed(1)} s.`);
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
};

/** Acquires the build lock, because two servers may be started from the same checkout at once. */
async function lock() {
  for (;;) {
    try {
      const file = openSync(lockFile, "wx");
      writeFileSync(file, String(process.pid));
      closeSync(file);
      process.once("exit", () => rmSync(lockFile, { force: true }));
      return;
    } catch (error) {
      if (error.code !== "EEXIST") throw error;
    }
    const owner = Number(existsSync(lockFile) ? readFileSync(lockFile, "utf8") : 0);
    if (owner > 0 && !isAlive(owner)) rmSync(lockFile, { force: true });
    await pause(100);
  }
}

const hasTools = () => ["prisma", "typescript", "vite"].every((name) => existsSync(at("node_modules", name)));

/** Builds the given parts, or all, if they are stale. */
export async function build({ mustBuild = false, parts = Object.keys(PARTS).filter((part) => mustBuild || part !== "package") } = {}) {
  if (!hasTools()) {
    if (parts.every((part) => existsSync(at(PARTS[part].output ?? PARTS[part].proof)))) return;
    throw new Error("Nothing is built yet, and the tools for building are not installed. Run: npm ci --include=dev && npm run build");
  }
  mkdirSync(cache, { recursive: true });
  await lock();
  if (parts.includes("client")) await buildPart("client", mustBuild);
  await Promise.all(parts.filter((part) => part !== "client").map((part) => buildPart(part, mustBuild)));
  rmSync(lockFile, { force: true });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const requested = process.argv.slice(2).filter((argument) => argument in PARTS);
  await build({ ...(requested.length > 0 && { parts: requested }), mustBuild: process.argv.includes("--all") }).catch((error) => {
    console.error(error.message);
    process.exitCode = 1;
  });
}
