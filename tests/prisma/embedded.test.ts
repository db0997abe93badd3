import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readFile, realpath, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DatabaseInUseError, type EmbeddedDatabase, type EmbeddedOptions, findEmbedded, startEmbedded } from "../../prisma/embedded.ts";
import { createPool } from "../../prisma/pool.ts";
import { testFolder } from "../support/database/db.ts";

const OWNER = fileURLToPath(new URL("../support/database/embedded-owner.ts", import.meta.url));
const isRoot = process.getuid?.() === 0;

let folder: Awaited<ReturnType<typeof testFolder>>;

beforeEach(async () => {
  folder = await testFolder();
});

/** Cleanup steps of a test, run in reverse order. */
const undo: (() => unknown)[] = [];

afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
  await folder.remove();
});

/** Starts a database that is stopped when the test ends, also when it fails. */
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

/** Starts another process that owns the database; `lines` are the lines of its output. */
function startOwner(mode: "writing" | "idle"): { child: ChildProcess; lines: AsyncIterableIterator<string> } {
  const child = spawn(process.execPath, ["--import", "tsx", OWNER, folder.path, mode], { stdio: ["ignore", "pipe", "inherit"] });
  undo.push(async () => {
    child.kill("SIGKILL");
    if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  });
  return { child, lines: createInterface(child.stdout!)[Symbol.asyncIterator]() };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill("SIGKILL");
  await once(child, "exit");
}

const postmasterPid = async (): Promise<number> => {
  const text = await readFile(join(folder.path, "postgres", "cluster", "postmaster.pid"), "utf8");
  return Number(text.split("\n")[0]);
};

const ids = async (pool: pg.Pool): Promise<number[]> =>
  (await pool.query<{ id: number }>("SELECT id FROM kept ORDER BY id")).rows.map(({ id }) => id);

it("the embedded database: starts on an empty folder, durable and without a network port, and stops on request", async () => {
  const database = await start();
  const pool = connect(database);
  const { rows } = await pool.query(
    "SELECT name, setting FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'listen_addresses') ORDER BY 1",
  );
  expect(rows.map(({ setting }) => setting)).toEqual(["on", "", "on"]);
  expect((await stat(join(folder.path, "postgres", "passwords.json"))).mode & 0o777).toBe(0o600);
  await pool.end();
  await database.stop();
  expect(await database.exited).toMatchObject({ isExpected: true });
  expect(await findEmbedded(folder.path)).toBeNull();
});

it("the embedded database: the application owns its database and has no further privileges", async () => {
  const pool = connect(await start());
  const { rows } = await pool.query("SELECT rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user");
  expect(rows).toEqual([{ rolsuper: false, rolcreaterole: false }]);
  await expect(pool.query("COPY (SELECT 1) TO PROGRAM 'cat'")).rejects.toThrow(/permission denied/);
});

it("the embedded database: rejects a connection with a wrong password", async () => {
  const database = await start();
  const wrong = createPool(database.url.replace(/:[0-9a-f]{48}@/, ":wrong@"), { onError: () => undefined });
  undo.push(() => wrong.end());
  await expect(wrong.query("SELECT 1")).rejects.toThrow(/password authentication failed/);
});

it("the embedded database: keeps its rows across a stop and a start", async () => {
  const first = await start();
  const pool = connect(first);
  await pool.query("CREATE TABLE kept (id int)");
  await pool.query("INSERT INTO kept VALUES (1), (2)");
  await pool.end();
  await first.stop();
  expect(await ids(connect(await start()))).toEqual([1, 2]);
});

it("the embedded database: has every acknowledged row after its owner was killed and PostgreSQL was left behind", async () => {
  const { child, lines } = startOwner("writing");
  let last = 0;
  for await (const line of lines) {
    last = Number(line) || 0;
    if (last >= 200) break;
  }
  await kill(child);
  const pool = connect(await start());
  expect((await ids(pool)).slice(0, last)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
});

it("the embedded database: has every acknowledged row after owner and PostgreSQL were killed together", async () => {
  const { child, lines } = startOwner("writing");
  let last = 0;
  for await (const line of lines) {
    last = Number(line) || 0;
    if (last >= 200) break;
  }
  process.kill(await postmasterPid(), "SIGKILL");
  await kill(child);
  const pool = connect(await start());
  expect((await ids(pool)).slice(0, last)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
});

it("the embedded database: rejects a second server while a process runs one, and accepts it afterwards", async () => {
  const { child, lines } = startOwner("idle");
  expect((await lines.next()).value).toBe("ready");
  await expect(startEmbedded({ dataDir: folder.path })).rejects.toThrow(DatabaseInUseError);
  await expect(startEmbedded({ dataDir: folder.path })).rejects.toThrow(/Another server is running on the data folder/);
  await kill(child);
  await connect(await start()).query("SELECT 1");
});

it("the embedded database: exactly one of two servers gets a new folder", async () => {
  const outcomes = await Promise.allSettled([start(), start()]);
  const rejected = outcomes.filter((outcome) => outcome.status === "rejected");
  expect(rejected).toHaveLength(1);
  expect(rejected[0]?.reason).toBeInstanceOf(DatabaseInUseError);
});

it("the embedded database: ignores an old pid file whose pid belongs to an unrelated process", async () => {
  await (await start()).stop();
  const pidFile = join(folder.path, "postgres", "cluster", "postmaster.pid");
  const stale = spawn(process.execPath, ["--input-type=module", "-e", WRITE_STALE_PID_FILE, pidFile, String(process.pid)]);
  await once(stale, "exit");
  await connect(await start()).query("SELECT 1");
});

/** Writes a pid file as a reboot leaves it: it names the pid of an unrelated live process. */
const WRITE_STALE_PID_FILE = `
  import { chownSync, statSync, writeFileSync } from "node:fs";
  import { dirname } from "node:path";
  const [file, pid] = process.argv.slice(1);
  writeFileSync(file, [pid, dirname(file), 1, 5432, "/tmp", "", "1 1", "ready   "].join("\\n") + "\\n", { mode: 0o600 });
  const { uid, gid } = statSync(dirname(file));
  if (process.getuid() === 0) chownSync(file, uid, gid);
`;

it("the embedded database: restarts PostgreSQL at the same address when it dies, and keeps the ownership", async () => {
  const lines: string[] = [];
  const database = await start({ onLog: (line) => lines.push(line) });
  const pool = connect(database);
  await pool.query("CREATE TABLE kept (id int)");
  await pool.query("INSERT INTO kept VALUES (1)");
  process.kill(await postmasterPid(), "SIGKILL");
  await expect(startEmbedded({ dataDir: folder.path })).rejects.toThrow(DatabaseInUseError);
  await expect.poll(() => lines.at(-1)).toMatch(/is running again/);
  await expect.poll(() => ids(pool).catch((error: Error) => error.message)).toEqual([1]);
  expect(lines.some((line) => line.includes("SIGKILL"))).toBe(true);
  await expect(startEmbedded({ dataDir: folder.path })).rejects.toThrow(DatabaseInUseError);
});

it("the embedded database: other tools find its address", async () => {
  const database = await start();
  expect(await findEmbedded(folder.path)).toBe(database.url);
});

it("the embedded database: works in a folder whose path is longer than a socket address may be", async () => {
  await chmod(folder.path, 0o711);
  const dataDir = join(folder.path, "long-".repeat(20), "data");
  const database = await start({ dataDir });
  expect((await connect(database).query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  expect(await realpath(join(dataDir, "postgres"))).toBe(join(dataDir, "postgres"));
});

describe.runIf(isRoot)("the embedded database, as root", () => {
  it("runs PostgreSQL under another account, in a data folder that only root may list", async () => {
    await chmod(folder.path, 0o700);
    await connect(await start()).query("SELECT 1");
    expect((await stat(join(folder.path, "postgres", "cluster"))).uid).not.toBe(0);
    expect((await stat(folder.path)).mode & 0o077).toBe(0o001);
  });

  it("stores the database elsewhere when the data folder is below an inaccessible one, and finds it again", async () => {
    const closed = await mkdtemp(join(tmpdir(), "chatroom-closed-"));
    const dataDir = join(closed, "app", "data");
    await mkdir(dataDir, { recursive: true });
    const first = await start({ dataDir });
    const home = await realpath(join(dataDir, "postgres"));
    undo.push(async () => {
      for (const path of [home, closed]) await rm(path, { recursive: true, force: true });
    });
    expect(home.startsWith("/var/lib/chatroom/")).toBe(true);
    expect((await stat(closed)).mode & 0o777).toBe(0o700);
    const pool = connect(first);
    await pool.query("CREATE TABLE kept (id int)");
    await pool.query("INSERT INTO kept VALUES (7)");
    await pool.end();
    await first.stop();
    expect(await ids(connect(await start({ dataDir })))).toEqual([7]);
  });
});
