import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { prepareHome } from "../../prisma/embedded/data-dir.ts";
import { findProcess } from "../../prisma/embedded/processes.ts";
import { clusterProcesses } from "../../prisma/embedded/shutdown.ts";
import { DatabaseInUseError, type EmbeddedDatabase, type EmbeddedOptions, startEmbedded } from "../../prisma/embedded.ts";
import { createPool } from "../../prisma/pool.ts";
import { testFolder } from "../support/database/db.ts";

const OWNER = fileURLToPath(new URL("../support/database/embedded-owner.ts", import.meta.url));
const run = promisify(execFile);

/** PostgreSQL 18 hangs in a fast shutdown that begins within about 100 ms of a backend's crash. */
const CRASH_TO_STOP_MS = 60;

let folder: Awaited<ReturnType<typeof testFolder>>;
const undo: (() => unknown)[] = [];

beforeEach(async () => {
  folder = await testFolder();
});

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await folder.remove();
});

const pidFile = (): string => join(folder.path, "postgres", "cluster", "postmaster.pid");

async function start(options: Partial<EmbeddedOptions> = {}): Promise<EmbeddedDatabase> {
  const database = await startEmbedded({ dataDir: folder.path, ...options });
  undo.push(() => database.stop());
  return database;
}

function connect({ url }: EmbeddedDatabase): pg.Pool {
  const pool = createPool(url, { max: 2, onError: () => undefined });
  undo.push(() => (pool.ended ? undefined : pool.end()));
  return pool;
}

async function fill(database: EmbeddedDatabase): Promise<void> {
  const pool = connect(database);
  await pool.query("CREATE TABLE kept AS SELECT generate_series(1, 5000) AS id");
  await pool.end();
}

async function count(database: EmbeddedDatabase): Promise<number> {
  const { rows } = await connect(database).query<{ n: number }>("SELECT count(*)::int AS n FROM kept");
  return rows[0]?.n ?? 0;
}

const postmasterPid = async (): Promise<number> => Number((await readFile(pidFile(), "utf8")).split("\n")[0]);
const statusOf = async (): Promise<string> => (await readFile(pidFile(), "utf8").catch(() => "")).split("\n")[7]?.trim() ?? "none";

/** Returns the pids of a server's children whose title matches. */
async function childrenOf(pid: number, title: RegExp): Promise<number[]> {
  const { stdout } = await run("ps", ["-ax", "-o", "pid=,ppid=,command="]);
  return stdout.split("\n").flatMap((line) => {
    const [, child, parent, command = ""] = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line) ?? [];
    return Number(parent) === pid && title.test(command) ? [Number(child)] : [];
  });
}

/** Starts an idle process that owns the database; it is killed, so that its PostgreSQL stays behind. */
async function startOwner(): Promise<{ kill: () => Promise<void> }> {
  const child = spawn(process.execPath, ["--import", "tsx", OWNER, folder.path, "idle"], { stdio: ["ignore", "pipe", "inherit"] });
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill("SIGKILL");
    await once(child, "exit");
  };
  undo.push(kill);
  await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  return { kill };
}

/** Kills a session and requests a fast shutdown while PostgreSQL recovers from that. */
async function crashAndShutDown(pid: number): Promise<void> {
  const [session] = await childrenOf(pid, /\[local\]/);
  process.kill(session ?? 0, "SIGKILL");
  await pause(CRASH_TO_STOP_MS);
  process.kill(pid, "SIGINT");
}

describe("stopping the embedded database", () => {
  it("succeeds shortly after a session crashed, and the next start has all data", async () => {
    for (let round = 1; round <= 3; round += 1) {
      const database = await start();
      if (round === 1) await fill(database);
      const pid = await postmasterPid();
      process.kill((await childrenOf(pid, /\[local\]/))[0] ?? 0, "SIGKILL");
      await pause(CRASH_TO_STOP_MS);
      await database.stop();
      expect(await database.exited).toMatchObject({ isExpected: true });
      expect(await childrenOf(pid, /postgres/)).toEqual([]);
    }
    expect(await count(await start())).toBe(5000);
  });

  it("succeeds when a session or PostgreSQL itself was stopped by a signal", async () => {
    const database = await start();
    await fill(database);
    const pid = await postmasterPid();
    for (const one of [...(await childrenOf(pid, /\[local\]|checkpointer/)), pid]) process.kill(one, "SIGSTOP");
    await database.stop();
    expect(await childrenOf(pid, /postgres/)).toEqual([]);
    expect(await count(await start())).toBe(5000);
  });

  it("leaves no server behind while a restart is in progress", async () => {
    const lines: string[] = [];
    const database = await start({ onLog: (line) => lines.push(line) });
    process.kill(await postmasterPid(), "SIGKILL");
    await expect.poll(() => lines.some((line) => line.includes("Restarting it."))).toBe(true);
    await database.stop();
    expect(await database.exited).toMatchObject({ isExpected: true });
    expect(clusterProcesses(await prepareHome(folder.path))).toEqual([]);
  });
});

describe("a running embedded database that receives a shutdown request from outside", () => {
  it("is restarted, although a smart shutdown would wait for our own connections", async () => {
    const lines: string[] = [];
    const database = await start({ onLog: (line) => lines.push(line) });
    await fill(database);
    const first = await postmasterPid();
    process.kill(first, "SIGTERM");
    await expect.poll(() => lines.at(-1)).toMatch(/is running again/);
    expect(await postmasterPid()).not.toBe(first);
    expect(await count(database)).toBe(5000);
  });

  it("is restarted when a fast shutdown hangs after a crash", async () => {
    const lines: string[] = [];
    const database = await start({ onLog: (line) => lines.push(line) });
    await fill(database);
    await crashAndShutDown(await postmasterPid());
    await expect.poll(() => lines.at(-1), { timeout: 30_000 }).toMatch(/is running again/);
    expect(await count(database)).toBe(5000);
  });
});

describe("starting the embedded database while an old server is left behind", () => {
  it("ends a server that hangs in its shutdown", async () => {
    const database = await start();
    await fill(database);
    await database.stop();
    const owner = await startOwner();
    const pid = await postmasterPid();
    await crashAndShutDown(pid);
    await owner.kill();
    // The server writes its state some time after the signal.
    await expect.poll(statusOf, { timeout: 10_000 }).toBe("stopping");
    expect(await count(await start())).toBe(5000);
    expect(await childrenOf(pid, /postgres/)).toEqual([]);
  });

  it("ends a server whose processes were all stopped by a signal", async () => {
    const owner = await startOwner();
    const pid = await postmasterPid();
    for (const one of [pid, ...(await childrenOf(pid, /postgres/))]) process.kill(one, "SIGSTOP");
    await owner.kill();
    await connect(await start()).query("SELECT 1");
    expect(await postmasterPid()).not.toBe(pid);
  });

  it("ends the stopped sessions of a dead server", async () => {
    const owner = await startOwner();
    const pid = await postmasterPid();
    const sessions = await childrenOf(pid, /\[local\]/);
    for (const one of sessions) process.kill(one, "SIGSTOP");
    await owner.kill();
    process.kill(pid, "SIGKILL");
    expect(sessions.length).toBeGreaterThan(0);
    await connect(await start()).query("SELECT 1");
    expect(sessions.map(findProcess)).toEqual(sessions.map(() => null));
  });

  it("ignores a pid file and an owner file that a power cut left empty", async () => {
    await (await start()).stop();
    await writeFile(join(folder.path, "postgres", "owner.json"), "");
    // The database account must be able to replace it.
    await run("sh", [
      "-c",
      'cp -p "$1/PG_VERSION" "$1/postmaster.pid" && : > "$1/postmaster.pid"',
      "sh",
      join(folder.path, "postgres", "cluster"),
    ]);
    await connect(await start()).query("SELECT 1");
  });

  it("removes only socket folders that earlier starts created", async () => {
    await (await start()).stop();
    const kept = join(folder.path, "postgres", "not-a-socket-folder");
    await run("mkdir", ["-m", "0777", kept]);
    const args = ["-D", join(folder.path, "postgres", "cluster"), "-c", `unix_socket_directories=${kept}`, "-c", "listen_addresses="];
    const byHand = await spawnPostgres(args);
    await connect(await start()).query("SELECT 1");
    expect(byHand.exitCode ?? byHand.signalCode).not.toBeNull();
    expect(await readdir(join(folder.path, "postgres"))).toContain("not-a-socket-folder");
  });
});

/** Starts PostgreSQL as an administrator does by hand, and waits until it accepts connections. */
async function spawnPostgres(args: readonly string[]): Promise<ReturnType<typeof spawn>> {
  const home = join(folder.path, "postgres");
  const binaries = (await readdir(home)).find((name) => name.startsWith("binaries-")) ?? "";
  const { stdout } = await run("stat", ["-c", "%u %g", join(home, "cluster")]);
  const [uid, gid] = stdout.trim().split(" ").map(Number);
  const account = process.getuid?.() === 0 ? { uid, gid } : {};
  const child = spawn(join(home, binaries, "bin", "postgres"), [...args], { cwd: "/", stdio: "ignore", ...account });
  undo.push(() => child.kill("SIGQUIT"));
  await expect.poll(statusOf).toBe("ready");
  return child;
}

const canUnshare = await run("unshare", ["--pid", "--ipc", "--fork", "--mount-proc", "true"]).then(
  () => true,
  () => false,
);

describe.runIf(canUnshare)("two containers with one volume", () => {
  it("rejects a second server, although it cannot see the processes of the first", async () => {
    const args = [
      "--pid",
      "--ipc",
      "--fork",
      "--kill-child",
      "--mount-proc",
      process.execPath,
      "--import",
      "tsx",
      OWNER,
      folder.path,
      "idle",
    ];
    const other = spawn("unshare", args, { stdio: ["ignore", "pipe", "inherit"] });
    undo.push(async () => {
      other.kill("SIGKILL");
      await once(other, "exit");
    });
    await createInterface(other.stdout)[Symbol.asyncIterator]().next();
    await expect(startEmbedded({ dataDir: folder.path })).rejects.toThrow(DatabaseInUseError);
  });
});
