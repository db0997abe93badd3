import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { vi } from "vitest";

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL("../../node_modules/.cache/redis", import.meta.url));
const PACKAGES = ["redis-server", "redis-tools", "libjemalloc2", "liblzf1", "liblua5.1-0", "lua-cjson", "lua-bitop"];

type Program = { readonly path: string; readonly env: NodeJS.ProcessEnv };

/** A separate Redis for a test, on its own socket. */
export type TestRedis = {
  readonly url: string;
  start(): Promise<void>;
  kill(): Promise<void>;
  /** Freezes the process without closing its connections: it accepts commands and answers none. */
  freeze(): void;
  thaw(): void;
  remove(): Promise<void>;
};

const onPath = (name: string): string | undefined =>
  (process.env.PATH ?? "")
    .split(":")
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

const unpacked = async (): Promise<Program> => {
  const libraries = (await readdir(join(CACHE, "usr/lib")))
    .filter((name) => name.endsWith("-linux-gnu"))
    .map((name) => join(CACHE, "usr/lib", name));
  return { path: join(CACHE, "usr/bin/redis-server"), env: { LD_LIBRARY_PATH: libraries.join(":") } };
};

/** Downloads Debian's packages and unpacks them next to the others, without installing them. */
async function fetchPackages(): Promise<void> {
  const draft = `${CACHE}.${process.pid}`;
  const lists = join(draft, "lists");
  const archives = join(draft, "archives");
  await mkdir(join(lists, "partial"), { recursive: true });
  await mkdir(archives, { recursive: true });
  const apt = (...args: string[]) => run("apt-get", ["-o", "Debug::NoLocking=1", "-o", "APT::Sandbox::User=", ...args], { cwd: archives });
  const own = ["-o", `Dir::State::lists=${lists}`, "-o", `Dir::Cache=${draft}`];
  // The machine's package list may be missing or old, and must not be updated by a test.
  await apt("download", ...PACKAGES).catch(() => apt(...own, "update").then(() => apt(...own, "download", ...PACKAGES)));
  for (const name of await readdir(archives))
    if (name.endsWith(".deb")) await run("dpkg-deb", ["-x", join(archives, name), join(draft, "root")]);
  await rename(join(draft, "root"), CACHE).catch(() => undefined);
  await rm(draft, { recursive: true, force: true });
}

/** Returns the Redis program. @throws Error with one hint if there is none */
async function findProgram(): Promise<Program> {
  const installed = onPath("redis-server") ?? onPath("valkey-server");
  if (installed !== undefined) return { path: installed, env: {} };
  if (!existsSync(join(CACHE, "usr/bin/redis-server"))) {
    await fetchPackages().catch((cause: unknown) => {
      throw new Error("No Redis for the tests: put redis-server or valkey-server on the PATH.", { cause });
    });
  }
  return unpacked();
}

/** Starts a Redis without persistence. `kill` ends it as a crash would; `start` brings it back, empty. */
export async function testRedis(): Promise<TestRedis> {
  const program = await findProgram();
  const folder = await mkdtemp(join(tmpdir(), "chatroom-redis-"));
  const socket = join(folder, "redis.sock");
  const args = ["--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", folder];
  let server: ReturnType<typeof spawn> | null = null;
  const redis: TestRedis = {
    url: `unix://${socket}`,
    async start() {
      server = spawn(program.path, args, { env: { ...process.env, ...program.env }, stdio: "ignore" });
      await vi.waitUntil(() => existsSync(socket), { timeout: 30_000 });
    },
    async kill() {
      const [dying] = [server];
      server = null;
      if (dying === null || dying.exitCode !== null) return;
      const gone = once(dying, "exit");
      dying.kill("SIGKILL");
      await gone;
      await rm(socket, { force: true });
    },
    freeze: () => void server?.kill("SIGSTOP"),
    thaw: () => void server?.kill("SIGCONT"),
    async remove() {
      await redis.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await redis.start();
  return redis;
}
