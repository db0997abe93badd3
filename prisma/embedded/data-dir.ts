import { execFile } from "node:child_process";
import { chmod, lstat, mkdir, mkdtemp, readFile, realpath, rmdir, stat, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** The account PostgreSQL runs under; null means our own account, which is not root. */
export type Account = { readonly uid: number; readonly gid: number } | null;

/** The folder of one embedded database, and the account that owns it. */
export type Home = { readonly path: string; readonly account: Account };

const run = promisify(execFile);
const isRoot = (): boolean => process.getuid?.() === 0;

/** The location of the database if other accounts cannot enter the data folder's parent (usually root's home). */
const SHARED_DIR = "/var/lib/chatroom";

/** Returns the account "nobody", which is used instead of root because PostgreSQL does not run as root. */
async function nobodyAccount(): Promise<{ uid: number; gid: number }> {
  const line = (await readFile("/etc/passwd", "utf8")).split("\n").find((entry) => entry.startsWith("nobody:"));
  const [, , uid, gid] = line?.split(":") ?? [];
  if (uid === undefined || gid === undefined) {
    throw new Error("PostgreSQL cannot run as root, and the account 'nobody' does not exist. Start the server as an unprivileged user.");
  }
  return { uid: Number(uid), gid: Number(gid) };
}

/** Returns the account for the database. An existing cluster keeps its owner, also when root starts it later. */
async function accountFor(path: string): Promise<Account> {
  if (!isRoot()) return null;
  const cluster = await stat(join(path, "cluster")).catch(() => null);
  return cluster !== null && cluster.uid !== 0 ? { uid: cluster.uid, gid: cluster.gid } : nobodyAccount();
}

async function canEnter(account: Account, folder: string): Promise<boolean> {
  if (account === null) return true;
  const entered = await run("/bin/sh", ["-c", 'cd "$1"', "sh", folder], { ...account, cwd: "/" }).catch(() => null);
  return entered !== null;
}

/** Makes the data folder traversable (not listable) for the account, if that is the only missing permission. */
async function openForPassing(account: Account, dataDir: string): Promise<boolean> {
  if (await canEnter(account, dataDir)) return true;
  const { uid, mode } = await stat(dataDir);
  if (uid !== 0 || !(await canEnter(account, dirname(dataDir)))) return false;
  await chmod(dataDir, (mode & 0o7777) | 0o001);
  return canEnter(account, dataDir);
}

async function makeLinkedHome(link: string): Promise<void> {
  await mkdir(SHARED_DIR, { recursive: true, mode: 0o711 });
  const target = await mkdtemp(join(SHARED_DIR, "database-"));
  await chmod(target, 0o711);
  try {
    await symlink(target, link);
  } catch (error) {
    await rmdir(target);
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}

async function makeHome(link: string, account: Account): Promise<void> {
  if (!(await openForPassing(account, dirname(link)))) return makeLinkedHome(link);
  await mkdir(link, { recursive: true });
  await chmod(link, account === null ? 0o700 : 0o711);
}

/**
 * Changes the owner of a cluster that belongs to root to the account of the database, because PostgreSQL could not read it. `cp -r` as
 * root leaves such a cluster when a copy is restored. The cluster's own folder comes last, so that an interrupted start repeats the work.
 */
async function repairOwner(account: Account, cluster: string): Promise<void> {
  const found = account === null ? null : await stat(cluster).catch(() => null);
  if (account === null || found?.uid !== 0) return;
  await run("find", [cluster, "-depth", "-exec", "chown", "-h", `${account.uid}:${account.gid}`, "{}", "+"]);
}

/**
 * Finds or creates the folder of the database: `postgres` in the data folder, or a link of that name to a location that PostgreSQL's
 * account can enter.
 * @throws Error when an existing home is missing or inaccessible; it is never replaced by an empty one
 */
export async function prepareHome(dataDir: string): Promise<Home> {
  await mkdir(dataDir, { recursive: true, mode: isRoot() ? 0o711 : 0o700 });
  const link = join(await realpath(dataDir), "postgres");
  const isNew = (await lstat(link).catch(() => null)) === null;
  if (isNew) await makeHome(link, await accountFor(link));
  const path = await realpath(link).catch(() => {
    throw new Error(`The database of ${dataDir} is missing: ${link} points to a folder that does not exist.`);
  });
  const account = await accountFor(path);
  if (!isNew) await openForPassing(account, dirname(path));
  if (!(await canEnter(account, path))) throw new Error(`The account of the database (uid ${account?.uid}) cannot enter ${path}.`);
  await repairOwner(account, join(path, "cluster"));
  return { path, account };
}
