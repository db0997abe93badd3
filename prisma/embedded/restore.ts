import { spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { lstat, mkdir, mkdtemp, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pLimit from "p-limit";
import { ARCHIVE, checksumOf, MANIFEST, PASSWORDS, syncPath, verifyBackup, writePrivate } from "./backup-files.ts";
import { installedMajor } from "./binaries.ts";
import { clusterFolder, give } from "./cluster.ts";
import { type Home, prepareHome } from "./data-dir.ts";
import { claim } from "./process-lock.ts";

/** Entries of a data folder that still counts as empty: the backups folder, and what a file system creates itself. */
const NOT_DATA: readonly string[] = ["backups", "lost+found"];
const FILES_AT_ONCE = 8;
/** tar reports every file that it cannot write; the first line of the output is the cause. */
const MAX_OUTPUT_CHARACTERS = 1_000;

export type RestoreOptions = {
  readonly dataDir: string;
  readonly backup: string;
  /** False does not wait until the files are on disk. For tests only; true by default. */
  readonly isDurable?: boolean;
};

type ManifestFile = { readonly Path: string; readonly Size: number; readonly Checksum: string };

const exists = async (path: string): Promise<boolean> => (await lstat(path).catch(() => null)) !== null;

/** Whether a data folder is empty. The home of an interrupted restore has no cluster yet and counts as empty. */
async function isEmpty(dataDir: string): Promise<boolean> {
  const names = await readdir(dataDir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const others = names.filter((name) => !NOT_DATA.includes(name) && name !== "postgres");
  return others.length === 0 && !(await exists(join(dataDir, "postgres", "cluster")));
}

async function requireEmpty(dataDir: string): Promise<void> {
  if (!(await isEmpty(dataDir)))
    throw new Error(`${dataDir} is not empty. Move its contents to another folder, or set DATA_DIR to an empty one.`);
}

async function requireUsable(backup: string): Promise<void> {
  const { postgresMajor } = await verifyBackup(backup);
  const installed = await installedMajor();
  if (postgresMajor !== installed)
    throw new Error(
      `The backup was made with PostgreSQL ${postgresMajor}, but PostgreSQL ${installed} is installed. Restore it with the version of The Chatroom that created it.`,
    );
}

/** Unpacks as the account of the database, so that the files belong to it. */
async function unpack(archive: string, folder: string, home: Home): Promise<void> {
  const tar = spawn("tar", ["-x", "-f", "-", "-C", folder], {
    cwd: "/",
    env: { PATH: "/usr/bin:/bin", LC_ALL: "C" },
    stdio: ["pipe", "ignore", "pipe"],
    ...home.account,
  });
  let output = "";
  tar.stderr.on("data", (chunk: Buffer) => (output += output.length < MAX_OUTPUT_CHARACTERS ? chunk.toString() : ""));
  const ended = new Promise<void>((done, fail) => {
    tar.once("error", fail);
    tar.once("close", (code) => (code === 0 ? done() : fail(new Error(`The archive could not be unpacked: ${output.split("\n", 1)[0]}`))));
  });
  // When tar ends early, its own output has the cause; the pipe only reports that it is closed.
  const unpacking = pipeline(createReadStream(archive), createGunzip(), tar.stdin).catch(async (error: unknown) => {
    await ended;
    throw error;
  });
  await Promise.all([unpacking, ended]);
}

async function checkUnpacked(cluster: string, file: ManifestFile): Promise<void> {
  const path = join(cluster, file.Path);
  const size = (await stat(path).catch(() => null))?.size;
  if (size !== file.Size || (await checksumOf(path)) !== file.Checksum)
    throw new Error(`The restored file ${file.Path} differs from the backup. Check the disk, or use another backup.`);
}

/** Compares every file with PostgreSQL's own manifest. */
async function checkManifest(cluster: string, manifest: string): Promise<void> {
  const { Files: files } = JSON.parse(await readFile(manifest, "utf8")) as { Files: ManifestFile[] };
  const limit = pLimit(FILES_AT_ONCE);
  await limit.map(files, (file) => checkUnpacked(cluster, file));
}

/** Waits until all files and folders below a path are on disk. */
async function syncTree(path: string): Promise<void> {
  const limit = pLimit(FILES_AT_ONCE);
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const paths = entries.map((entry) => join(entry.parentPath, entry.name));
  await limit.map([path, ...paths], syncPath);
}

async function installFiles(home: Home, backup: string, isDurable: boolean): Promise<void> {
  const draft = await mkdtemp(join(home.path, "draft-restore-"));
  const cluster = join(draft, "cluster");
  try {
    await mkdir(cluster, { mode: 0o700 });
    for (const path of [draft, cluster]) await give(path, home.account);
    await unpack(join(backup, ARCHIVE), cluster, home);
    await checkManifest(cluster, join(backup, MANIFEST));
    if (isDurable) await syncTree(cluster);
    await writePrivate(join(draft, PASSWORDS), await readFile(join(backup, PASSWORDS)));
    await rename(join(draft, PASSWORDS), join(home.path, PASSWORDS));
    await rename(cluster, clusterFolder(home));
    await syncPath(home.path);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

/**
 * Restores the files of a backup into an empty data folder. The cluster appears there only when it is complete and on disk. It recovers
 * when it is started for the first time.
 * @throws Error when the folder is not empty, or the backup is incomplete, damaged or of another PostgreSQL version; nothing is changed
 * then
 */
export async function restoreFiles({ dataDir, backup, isDurable = true }: RestoreOptions): Promise<void> {
  await requireEmpty(dataDir);
  await requireUsable(resolve(backup));
  const home = await prepareHome(dataDir);
  const leave = await claim(home, dataDir);
  try {
    // Another server may have created a database here while the backup was verified. None can from now on.
    await requireEmpty(dataDir);
    await installFiles(home, resolve(backup), isDurable);
  } finally {
    await leave();
  }
}
