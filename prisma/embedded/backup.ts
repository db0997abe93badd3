import { createWriteStream } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { startEmbedded } from "../embedded.ts";
import { ABOUT, ARCHIVE, aboutOf, MANIFEST, PASSWORDS, syncPath, writeChecksums, writePrivate } from "./backup-files.ts";
import { type BaseBackup, beginBaseBackup } from "./base-backup.ts";
import { addressOf, clusterFolder, loadPasswords } from "./cluster.ts";
import { type Home, prepareHome } from "./data-dir.ts";
import { findPostmaster } from "./postmaster.ts";

const DRAFT = ".chatroom-backup-";
/** A backup without progress for this long is aborted, because it makes the server retain its WAL. A checkpoint comes first. */
const NO_PROGRESS_MS = 300_000;
/** A draft without writes for this long was left by a process that died. */
const LEFTOVER_MS = 3 * NO_PROGRESS_MS;

export type BackupOptions = {
  readonly dataDir: string;
  /** The folder in which the backup gets a new folder; created if missing. */
  readonly folder: string;
  /** Aborts the backup. */
  readonly signal: AbortSignal;
  /** The backup fails when no data arrives for this long; 5 minutes by default. */
  readonly stallMs?: number;
};

export type Backup = { readonly path: string; readonly bytes: number };

const modifiedAt = async (path: string): Promise<number> => (await stat(path).catch(() => null))?.mtimeMs ?? 0;

/** Removes the drafts of killed backups from the folder. A running backup writes to its draft all the time. */
async function removeLeftovers(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith(DRAFT)).map((name) => join(folder, name));
  for (const draft of drafts) {
    const usedAt = Math.max(await modifiedAt(draft), await modifiedAt(join(draft, ARCHIVE)));
    if (Date.now() - usedAt > LEFTOVER_MS) await rm(draft, { recursive: true, force: true });
  }
}

async function findHome(dataDir: string): Promise<Home> {
  if ((await stat(join(dataDir, "postgres", "cluster")).catch(() => null)) === null)
    throw new Error(`There is no database in ${dataDir}. Set DATA_DIR to the folder that the server uses.`);
  return prepareHome(dataDir);
}

type Server = { readonly address: string; close(): Promise<void> };

async function addressOfServer(home: Home): Promise<string | null> {
  const found = await findPostmaster(home);
  if (found === null || !found.isReady) return null;
  const { admin } = await loadPasswords(home);
  return addressOf(found.socketFolder, { user: "postgres", password: admin, database: "postgres" });
}

/** Finds the running server, or starts one for the duration of the backup, which prevents other starts meanwhile. */
async function findServer(home: Home, dataDir: string): Promise<Server> {
  const running = await addressOfServer(home);
  if (running !== null) return { address: running, close: async () => undefined };
  const { stop } = await startEmbedded({ dataDir });
  const address = await addressOfServer(home);
  if (address !== null) return { address, close: stop };
  await stop();
  throw new Error("PostgreSQL stopped before it could be backed up. Try again.");
}

/** Writes the archive as it arrives and returns PostgreSQL's manifest. Calls `onProgress` for each chunk. */
async function writeArchive({ archive, manifest }: BaseBackup, path: string, onProgress: () => void): Promise<Buffer> {
  async function* observe(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const part of parts) {
      onProgress();
      yield part;
    }
  }
  // The fastest level: the backup shares its processors with the server.
  await pipeline(archive, observe, createGzip({ level: 1 }), createWriteStream(path, { flags: "wx", mode: 0o600, flush: true }));
  return manifest;
}

/** Copies the cluster of a running server. Always closes the connection, which lets the server recycle its WAL. */
async function copyCluster(address: string, draft: string, { signal: aborted, stallMs = NO_PROGRESS_MS }: BackupOptions): Promise<void> {
  aborted.throwIfAborted();
  const stalled = new AbortController();
  const timer = setTimeout(() => stalled.abort(new Error(`The backup made no progress for ${stallMs / 1_000} s.`)), stallMs);
  const signal = AbortSignal.any([aborted, stalled.signal]);
  try {
    const { backup, end } = await beginBaseBackup(address, signal);
    try {
      await writePrivate(join(draft, MANIFEST), await writeArchive(backup, join(draft, ARCHIVE), () => timer.refresh()));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      throw new Error(`The backup failed: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    } finally {
      await end();
    }
  } finally {
    clearTimeout(timer);
  }
}

async function fill(draft: string, home: Home, options: BackupOptions): Promise<Date> {
  const server = await findServer(home, options.dataDir);
  await copyCluster(server.address, draft, options).finally(server.close);
  const createdAt = new Date();
  const major = Number(await readFile(join(clusterFolder(home), "PG_VERSION"), "utf8"));
  await writePrivate(join(draft, PASSWORDS), await readFile(join(home.path, "passwords.json")));
  await writePrivate(join(draft, ABOUT), JSON.stringify(aboutOf(createdAt, major)));
  await writeChecksums(draft);
  await syncPath(draft);
  return createdAt;
}

const nameOf = (createdAt: Date): string => `chatroom-${createdAt.toISOString().replace(/[:.]/g, "-")}`;

/**
 * Backs up the embedded database of a data folder, whether or not a server runs on it, and without stopping that server. The backup
 * appears under its final name only when it is complete and on disk.
 * @throws Error when there is no database, another backup runs, the copy fails (no draft is left then), or `signal` is aborted
 */
export async function backUp(options: BackupOptions): Promise<Backup> {
  const folder = resolve(options.folder);
  const home = await findHome(options.dataDir);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeLeftovers(folder);
  const draft = await mkdtemp(join(folder, DRAFT));
  try {
    const path = join(folder, nameOf(await fill(draft, home, options)));
    await rename(draft, path);
    await syncPath(folder);
    return { path, bytes: (await stat(join(path, ARCHIVE))).size };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}
