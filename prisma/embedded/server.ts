import type { ChildProcess } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { becomeOwner, DatabaseInUseError, type Ownership } from "./advisory-lock.ts";
import { give, type Passwords } from "./cluster.ts";
import type { Home } from "./data-dir.ts";
import { findPostmaster, isAlive, isServing, logFile, readPidFile, replaceStalePid, spawnPostmaster } from "./postmaster.ts";
import { AT_EXIT, AT_LATE_EXIT, endCluster, endClusterNow, FROM_FAST, FROM_IMMEDIATE, resumeCluster, watchActivity } from "./shutdown.ts";

const SOCKET = ".s.PGSQL.5432";
/** Socket paths are limited to 103 bytes on macOS and 107 on Linux, including the file name. */
const LONGEST_SOCKET_FOLDER = 103 - `/${SOCKET}`.length;
const SOCKET_FOLDER = "s-";
const SHORT_SOCKET_FOLDER = "chatroom-";
const START_TIMEOUT_MS = 15_000;
/** How long an orphaned server may take to answer or to end by itself, unless it hangs. */
const ORPHAN_TIMEOUT_MS = 15_000;
const ORPHAN_STILL_MS = 3_000;
const POLL_MS = 100;

/**
 * The parameters of a start; `socketFolder` is used by this process only and stays the same when the server is restarted. `stopping` is
 * aborted when the database is to be stopped: no server is started from then on.
 */
export type Setting = {
  readonly dataDir: string;
  readonly home: Home;
  readonly binaries: string;
  readonly passwords: Passwords;
  readonly socketFolder: string;
  readonly isDurable: boolean;
  readonly stopping: AbortSignal;
  readonly onLog: (line: string) => void;
};

/** A running server that this process started and owns. */
export type Running = { readonly child: ChildProcess; ownership: Ownership };

export async function makeSocketFolder(home: Home): Promise<string> {
  const inside = join(home.path, SOCKET_FOLDER);
  const isShortEnough = inside.length + "XXXXXX".length <= LONGEST_SOCKET_FOLDER;
  const folder = await mkdtemp(isShortEnough ? inside : join(tmpdir(), SHORT_SOCKET_FOLDER));
  await chmod(folder, 0o700);
  await give(folder, home.account);
  return folder;
}

/** Whether any process listens on a socket, even a stopped one. */
const isListening = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", ({ code }: NodeJS.ErrnoException) => resolve(code === "EAGAIN"));
  });

/**
 * Rejects the start if another server's socket is in use. If two processes cannot see each other (two containers with one volume), neither
 * the claim nor the pid reveals the other's server, but its socket does.
 * @throws DatabaseInUseError when a server listens that is not visible from here
 */
async function rejectUnseenServer({ dataDir, home }: Setting): Promise<void> {
  const named = await readPidFile(home);
  if (named !== null && (await isListening(join(named.socketFolder, SOCKET)))) throw new DatabaseInUseError(dataDir);
}

/**
 * Polls an orphaned server until it answers. As soon as it answers it can be ended, because no process owns it.
 * @returns the shutdown steps: from the fast shutdown when it answers, from the immediate one when it hangs or takes too long
 * @throws DatabaseInUseError when a live process owns it
 */
async function probeOrphan({ dataDir, home, passwords }: Setting): Promise<typeof FROM_FAST> {
  const end = performance.now() + ORPHAN_TIMEOUT_MS;
  const activity = watchActivity(home);
  while (performance.now() < end) {
    const found = await findPostmaster(home);
    const owner = found?.isReady ? await becomeOwner(found.socketFolder, passwords) : "unreachable";
    if (owner === "locked") throw new DatabaseInUseError(dataDir);
    if (owner !== "unreachable") return FROM_FAST;
    const { isEnded, inactiveMs } = activity();
    if (isEnded || inactiveMs > ORPHAN_STILL_MS) break;
    await pause(POLL_MS);
  }
  return FROM_IMMEDIATE;
}

/** Removes the socket folder of an earlier start; a manually started server may use any other folder, which is kept. */
async function removeSocketFolder({ home, socketFolder }: Setting, folder: string): Promise<void> {
  const parent = dirname(folder);
  const name = basename(folder);
  const isOfAStart =
    (parent === home.path && name.startsWith(SOCKET_FOLDER)) || (parent === tmpdir() && name.startsWith(SHORT_SOCKET_FOLDER));
  if (isOfAStart && folder !== socketFolder) await rm(folder, { recursive: true, force: true });
}

/** Ends a server whose owner died without ending it, and the remaining processes of a server that died itself. */
async function endOrphan(setting: Setting): Promise<void> {
  const { home, onLog } = setting;
  // The last owner's connection may be suspended together with the rest, and keep its lock as long.
  resumeCluster(home);
  const found = await findPostmaster(home);
  const steps = found === null ? FROM_FAST : await probeOrphan(setting);
  if (found !== null) onLog(`PostgreSQL (pid ${found.pid}) was left running by a server that crashed. Restarting it.`);
  if (!(await endCluster(home, steps))) onLog("Some PostgreSQL processes cannot be terminated.");
  if (found === null) await rejectUnseenServer(setting);
  else await removeSocketFolder(setting, found.socketFolder);
}

/** Ends the server when this process exits without having stopped it. */
function endOnExit({ home, stopping }: Setting, child: ChildProcess): void {
  const end = (): void => {
    if (isAlive(child)) endClusterNow(home, stopping.aborted ? AT_LATE_EXIT : AT_EXIT);
  };
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
}

/** Starts a server and becomes its owner. Returns null when it did not stay up, or when the database is being stopped. */
async function startOwn(setting: Setting): Promise<Running | null> {
  const { home, binaries, passwords, socketFolder, isDurable, stopping } = setting;
  await replaceStalePid(home);
  for (const name of [SOCKET, `${SOCKET}.lock`]) await rm(join(socketFolder, name), { force: true });
  if (stopping.aborted) return null;
  const child = await spawnPostmaster(home, binaries, { socketFolder, isDurable });
  endOnExit(setting, child);
  const isUp = await isServing(home, child, () => stopping.aborted);
  const ownership = isUp ? await becomeOwner(socketFolder, passwords) : "unreachable";
  if (typeof ownership !== "string") return { child, ownership };
  if (isAlive(child)) await endCluster(home, FROM_IMMEDIATE);
  return null;
}

async function logTail(home: Home): Promise<string> {
  const text = await readFile(logFile(home), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-5).join("\n");
}

/**
 * Starts a server on the cluster and becomes its owner, after ending an orphaned one. Retries for 15 seconds, because parts of a dead
 * server may remain for a moment (a zombie, its last backends).
 * @throws DatabaseInUseError when a live process owns it
 */
export async function takeOver(setting: Setting): Promise<Running> {
  await endOrphan(setting);
  const end = performance.now() + START_TIMEOUT_MS;
  for (;;) {
    const running = await startOwn(setting);
    if (running !== null) return running;
    if (setting.stopping.aborted) throw new Error("PostgreSQL was not started, because the server is stopping.");
    if (performance.now() > end) throw new Error(`PostgreSQL did not start. The end of its log:\n${await logTail(setting.home)}`);
    await pause(POLL_MS);
    await endOrphan(setting);
  }
}
