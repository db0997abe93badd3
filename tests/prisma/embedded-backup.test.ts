import { randomBytes } from "node:crypto";
import { chmod, copyFile, cp, mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Backup, backUp } from "../../prisma/embedded/backup.ts";
import { writeChecksums } from "../../prisma/embedded/backup-files.ts";
import { beginBaseBackup } from "../../prisma/embedded/base-backup.ts";
import { addressOf, loadPasswords } from "../../prisma/embedded/cluster.ts";
import { prepareHome } from "../../prisma/embedded/data-dir.ts";
import { findPostmaster } from "../../prisma/embedded/postmaster.ts";
import { restoreFiles as restoreDurably } from "../../prisma/embedded/restore.ts";
import { type EmbeddedDatabase, startEmbedded } from "../../prisma/embedded.ts";
import { createPool } from "../../prisma/pool.ts";
import { testFolder } from "../support/database/db.ts";

const never = new AbortController().signal;

let folder: Awaited<ReturnType<typeof testFolder>>;
let scratch: string;
let database: EmbeddedDatabase;
let pool: pg.Pool;
let admin: pg.Client;
let backup: Backup;

const poolOf = (url: string): pg.Pool => createPool(url, { max: 2, onError: () => undefined });

async function adminAddress(dataDir: string): Promise<string> {
  const home = await prepareHome(dataDir);
  const passwords = await loadPasswords(home);
  const { socketFolder = "" } = (await findPostmaster(home)) ?? {};
  return addressOf(socketFolder, { user: "postgres", password: passwords.admin, database: "postgres" });
}

const newFolder = (): Promise<string> => mkdtemp(join(scratch, "target-"));

/** Skips fsync, which would take most of the time of these tests. */
const restoreFiles = (options: { readonly dataDir: string; readonly backup: string }) => restoreDurably({ ...options, isDurable: false });

/** Returns a folder name that does not exist. */
const missingFolder = (): string => join(scratch, `missing-${randomBytes(4).toString("hex")}`);

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null)) !== null;
}

/** Counts the replication slots in use; a backup keeps one until its connection has ended. */
const slotsInUse = async (): Promise<number> => (await admin.query("SELECT FROM pg_replication_slots")).rowCount ?? 0;

beforeAll(async () => {
  folder = await testFolder();
  scratch = await mkdtemp(join(tmpdir(), "chatroom-test-"));
  // The database account must be able to traverse it.
  await chmod(scratch, 0o711);
  database = await startEmbedded({ dataDir: folder.path, isDurable: false });
  pool = poolOf(database.url);
  await pool.query("CREATE TABLE kept AS SELECT id, md5(id::text) AS text FROM generate_series(1, 20000) AS id");
  admin = new pg.Client({ connectionString: await adminAddress(folder.path) });
  await admin.connect();
  backup = await backUp({ dataDir: folder.path, folder: join(scratch, "backups"), signal: never });
});

afterAll(async () => {
  await admin.end();
  await pool.end();
  await database.stop();
  await rm(scratch, { recursive: true, force: true });
  await folder.remove();
});

/** Changes one bit in the middle of a file. */
async function changeByte(path: string): Promise<void> {
  const bytes = await readFile(path);
  const middle = bytes.length >> 1;
  bytes[middle] = (bytes[middle] ?? 0) ^ 1;
  await writeFile(path, bytes);
}

/** Starts a restored database and counts its rows by reading every row. */
async function countIn(dataDir: string): Promise<number> {
  const restored = await startEmbedded({ dataDir, isDurable: false });
  const rows = poolOf(restored.url);
  try {
    const { rows: found } = await rows.query<{ n: number }>("SELECT count(*)::int AS n FROM kept WHERE text = md5(id::text)");
    return found[0]?.n ?? 0;
  } finally {
    await rows.end();
    await restored.stop();
  }
}

describe("a backup of the embedded database", () => {
  it("is a folder that only its owner can read, with a checksum for each file", async () => {
    expect((await readdir(backup.path)).sort()).toEqual(["SHA256SUMS", "backup.json", "backup_manifest", "base.tar.gz", "passwords.json"]);
    expect((await stat(backup.path)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(backup.path)) expect((await stat(join(backup.path, name))).mode & 0o777).toBe(0o600);
    const sums = (await readFile(join(backup.path, "SHA256SUMS"), "utf8")).trimEnd().split("\n");
    expect(sums.map((line) => line.split("  ")[1])).toEqual(["base.tar.gz", "backup_manifest", "passwords.json", "backup.json"]);
    expect(backup.bytes).toBe((await stat(join(backup.path, "base.tar.gz"))).size);
  });

  it("retains the write-ahead log it needs beyond the usual size, up to 8 GB", async () => {
    expect((await admin.query("SHOW max_slot_wal_keep_size")).rows).toEqual([{ max_slot_wal_keep_size: "8GB" }]);
    await admin.query("ALTER SYSTEM SET max_wal_size = '32MB'");
    await admin.query("ALTER SYSTEM SET min_wal_size = '32MB'");
    await admin.query("SELECT pg_reload_conf()");
    const { backup: running, end } = await beginBaseBackup(await adminAddress(folder.path), never);
    // The server waits for its reader in the middle of the archive while the log exceeds its usual size several times.
    await new Promise((resolve) => running.archive.once("readable", resolve));
    for (let round = 0; round < 8; round += 1) {
      await pool.query("UPDATE kept SET text = text WHERE id <= 1000");
      await admin.query("SELECT pg_switch_wal()");
      await admin.query("CHECKPOINT");
    }
    const names: string[] = [];
    for await (const part of running.archive)
      names.push(...((part as Buffer).toString("latin1").match(/pg_wal\/0[0-9A-F]{23}(?=\0)/g) ?? []));
    expect((await running.manifest).toString()).toContain('"WAL-Ranges"');
    expect(new Set(names).size).toBeGreaterThanOrEqual(8);
    await end();
    await admin.query("ALTER SYSTEM RESET ALL");
    await admin.query("SELECT pg_reload_conf()");
    await expect.poll(slotsInUse).toBe(0);
  });

  it("runs one at a time", async () => {
    const { end } = await beginBaseBackup(await adminAddress(folder.path), never);
    const target = await newFolder();
    const second = backUp({ dataDir: folder.path, folder: target, signal: never });
    await expect(second).rejects.toThrow("Another backup of this database is running. Wait until it is finished.");
    expect(await readdir(target)).toEqual([]);
    await end();
    await expect.poll(slotsInUse).toBe(0);
  });

  it("leaves no files when it is interrupted, and removes those of one that was killed an hour ago", async () => {
    const target = await newFolder();
    const old = join(target, ".chatroom-backup-old");
    const recent = join(target, ".chatroom-backup-recent");
    for (const path of [old, recent]) await mkdir(path);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await writeFile(join(old, "base.tar.gz"), "half");
    for (const path of [join(old, "base.tar.gz"), old]) await utimes(path, anHourAgo, anHourAgo);
    const stop = new AbortController();
    const interrupted = backUp({ dataDir: folder.path, folder: target, signal: stop.signal });
    const hasBegun = async () =>
      (await Promise.all((await readdir(target)).map((name) => exists(join(target, name, "base.tar.gz"))))).some(Boolean);
    await expect.poll(hasBegun, { interval: 1 }).toBe(true);
    stop.abort(new Error("The backup was interrupted."));
    await expect(interrupted).rejects.toThrow("The backup was interrupted.");
    expect(await readdir(target)).toEqual([".chatroom-backup-recent"]);
    await expect.poll(slotsInUse).toBe(0);
  });

  it.each([
    ["before it has begun", "SELECT pid FROM pg_stat_activity WHERE backend_type = 'walsender'"],
    ["while it is made", "SELECT pid FROM pg_stat_replication WHERE state = 'backup'"],
  ])("fails when the server sends nothing for too long %s, and can be repeated afterwards", async (_, senders) => {
    const target = await newFolder();
    const options = { dataDir: folder.path, folder: target, signal: never };
    const hung = backUp({ ...options, stallMs: 2_000 });
    hung.catch(() => undefined);
    let pid = 0;
    const isFound = async () => {
      pid = (await admin.query<{ pid: number }>(senders)).rows[0]?.pid ?? 0;
      return pid > 0;
    };
    await expect.poll(isFound, { interval: 1 }).toBe(true);
    process.kill(pid, "SIGSTOP");
    await expect(hung).rejects.toThrow("The backup made no progress for 2 s.");
    process.kill(pid, "SIGCONT");
    expect(await readdir(target)).toEqual([]);
    await expect.poll(slotsInUse).toBe(0);
    await backUp(options);
    expect(await readdir(target)).toHaveLength(1);
  });

  it("of a folder without a database: reports that and creates no backup", async () => {
    const empty = missingFolder();
    await expect(backUp({ dataDir: empty, folder: scratch, signal: never })).rejects.toThrow(`There is no database in ${empty}.`);
    expect(await exists(empty)).toBe(false);
  });
});

describe("restoring a backup", () => {
  it("restores every row of a running and of a stopped database, including over the files of an interrupted restore", async () => {
    const target = missingFolder();
    await mkdir(join(target, "postgres", "draft-restore-1", "cluster"), { recursive: true });
    await writeFile(join(target, "postgres", "passwords.json"), '{"admin":"half","app":"half"}');
    await mkdir(join(target, "backups"));
    await restoreFiles({ dataDir: target, backup: backup.path });
    expect(await countIn(target)).toBe(20_000);
    const second = await backUp({ dataDir: target, folder: join(target, "backups"), signal: never });
    const home = await prepareHome(target);
    expect(await findPostmaster(home)).toBeNull();
    expect((await readdir(home.path)).filter((name) => name.startsWith("draft-"))).toEqual([]);
    const again = missingFolder();
    await restoreFiles({ dataDir: again, backup: second.path });
    expect(await countIn(again)).toBe(20_000);
  });

  it("rejects a folder that is not empty and changes nothing in it", async () => {
    const target = await newFolder();
    await writeFile(join(target, "notes.txt"), "mine");
    const message = "is not empty. Move its contents to another folder, or set DATA_DIR to an empty one.";
    await expect(restoreFiles({ dataDir: target, backup: backup.path })).rejects.toThrow(message);
    expect(await readdir(target)).toEqual(["notes.txt"]);
    await expect(restoreFiles({ dataDir: folder.path, backup: backup.path })).rejects.toThrow(message);
    expect(await pool.query("SELECT count(*)::int AS n FROM kept")).toMatchObject({ rows: [{ n: 20_000 }] });
  });

  it("rejects a backup with one changed byte in any of its files, and one with a missing file", async () => {
    const copy = await newFolder();
    const target = missingFolder();
    await cp(backup.path, copy, { recursive: true });
    const restoring = () => restoreFiles({ dataDir: target, backup: copy });
    for (const name of ["base.tar.gz", "backup_manifest", "passwords.json", "backup.json"]) {
      await changeByte(join(copy, name));
      await expect(restoring()).rejects.toThrow(`is damaged: the checksum of ${name} does not match. Use another backup.`);
      await rm(join(copy, name));
      await expect(restoring()).rejects.toThrow(`is incomplete: ${name} is missing. Use another backup.`);
      await copyFile(join(backup.path, name), join(copy, name));
    }
    expect(await exists(target)).toBe(false);
    await restoring();
    expect(await exists(join(target, "postgres", "cluster", "PG_VERSION"))).toBe(true);
  });

  it("rejects a backup of another PostgreSQL version, one of a newer format, and a folder that is not a backup", async () => {
    const copy = await newFolder();
    await cp(backup.path, copy, { recursive: true });
    const about = JSON.parse(await readFile(join(copy, "backup.json"), "utf8")) as object;
    const target = missingFolder();
    const restoringWith = async (changed: object) => {
      for (const name of ["backup.json", "SHA256SUMS"]) await rm(join(copy, name));
      await writeFile(join(copy, "backup.json"), JSON.stringify({ ...about, ...changed }));
      await writeChecksums(copy);
      return restoreFiles({ dataDir: target, backup: copy });
    };
    await expect(restoringWith({ postgresMajor: 17 })).rejects.toThrow(
      "The backup was made with PostgreSQL 17, but PostgreSQL 18 is installed.",
    );
    await expect(restoringWith({ format: 2 })).rejects.toThrow("was made by a newer version.");
    await expect(restoreFiles({ dataDir: target, backup: scratch })).rejects.toThrow(
      "is not a complete backup: it has no file SHA256SUMS.",
    );
    expect(await exists(target)).toBe(false);
    await restoringWith({});
    expect(await exists(join(target, "postgres", "cluster", "PG_VERSION"))).toBe(true);
  });
});

describe("a server that is stopped during a backup", () => {
  it("stops as quickly as usual, and the backup fails", async () => {
    const restored = missingFolder();
    await restoreFiles({ dataDir: restored, backup: backup.path });
    const server = await startEmbedded({ dataDir: restored, isDurable: false });
    const { backup: running, end } = await beginBaseBackup(await adminAddress(restored), never);
    // Do not read the archive, so that the server waits in the middle of sending it.
    await new Promise((resolve) => running.archive.once("readable", resolve));
    await server.stop();
    expect(await server.exited).toMatchObject({ isExpected: true, detail: "PostgreSQL exited with code 0." });
    running.archive.resume();
    await expect(running.manifest).rejects.toThrow();
    await end();
  });
});
