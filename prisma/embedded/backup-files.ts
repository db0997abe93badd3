import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** The files of a backup; `SHA256SUMS` contains the checksums of the others and is written last. */
export const ARCHIVE = "base.tar.gz";
export const MANIFEST = "backup_manifest";
export const PASSWORDS = "passwords.json";
export const ABOUT = "backup.json";
const SUMS = "SHA256SUMS";
const NAMES: readonly string[] = [ARCHIVE, MANIFEST, PASSWORDS, ABOUT];

const FORMAT = 1;

/** `createdAt` is when the backup was finished: it contains everything that was committed before it began. */
export type About = { readonly format: number; readonly createdAt: string; readonly postgresMajor: number };

export const aboutOf = (createdAt: Date, postgresMajor: number): About => ({
  format: FORMAT,
  createdAt: createdAt.toISOString(),
  postgresMajor,
});

/** Returns the SHA-256 of a file in hexadecimal digits. */
export async function checksumOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** Writes a new file that only its owner can read, and waits until it is on disk. */
export const writePrivate = (path: string, data: string | Buffer): Promise<void> =>
  writeFile(path, data, { flag: "wx", mode: 0o600, flush: true });

/** Waits until a file, or the entries of a folder, are on disk. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  await handle.sync().finally(() => handle.close());
}

/** Writes the checksums of a complete backup in the format that `sha256sum --check` reads. */
export async function writeChecksums(folder: string): Promise<void> {
  const lines = await Promise.all(NAMES.map(async (name) => `${await checksumOf(join(folder, name))}  ${name}\n`));
  await writePrivate(join(folder, SUMS), lines.join(""));
}

async function readChecksums(folder: string): Promise<Map<string, string>> {
  const text = await readFile(join(folder, SUMS), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT" && error.code !== "ENOTDIR") throw error;
    throw new Error(`${folder} is not a complete backup: it has no file ${SUMS}.`);
  });
  const lines = text.split("\n").map((line) => /^([0-9a-f]{64}) {2}(\S+)$/.exec(line));
  return new Map(lines.flatMap((match) => (match === null ? [] : [[match[2] ?? "", match[1] ?? ""]])));
}

async function checkFile(folder: string, name: string, expected: string | undefined): Promise<void> {
  const found = await checksumOf(join(folder, name)).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (found === null) throw new Error(`The backup ${folder} is incomplete: ${name} is missing. Use another backup.`);
  if (found !== expected) throw new Error(`The backup ${folder} is damaged: the checksum of ${name} does not match. Use another backup.`);
}

/**
 * Reads every file of a backup, compares the checksums, and returns the metadata of the backup.
 * @throws Error when it is incomplete, damaged or of an unknown format
 */
export async function verifyBackup(folder: string): Promise<About> {
  const checksums = await readChecksums(folder);
  for (const name of NAMES) await checkFile(folder, name, checksums.get(name));
  const about = JSON.parse(await readFile(join(folder, ABOUT), "utf8")) as About;
  if (about.format !== FORMAT) throw new Error(`The backup ${folder} was made by a newer version. Restore it with that version.`);
  return about;
}
