import type { ChildProcess } from "node:child_process";
import { chmod, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { give, type Passwords } from "./cluster.ts";
import type { Home } from "./home.ts";
import { becomeOwner, DatabaseInUseError, type Ownership } from "./owner.ts";
import { disarmPidFile, findPostmaster, isServing, logFile, spawnPostmaster, stopPostmaster } from "./postmaster.ts";

/** Socket addresses are limited to 103 bytes on macOS and 107 on Linux, the file's own name included. */
const LONGEST_SOCKET_FOLDER = 103 - "/.s.PGSQL.5432".length;
const START_PATIENCE_MS = 15_000;
const POLL_MS = 100;

/** What a start needs to know; `socketFolder` is ours alone and stays the same when the server is restarted. */
export type Setting = {
  readonly dataDir: string;
  readonly home: Home;
  readonly binaries: string;
  readonly passwords: Passwords;
  readonly socketFolder: string;
  readonly isDurable: boolean;
  readonly onLog: (line: string) => void;
};

/** A server of our own that serves, and that we own. */
export type Running = { readonly child: ChildProcess; ownership: Ownership };

export async function makeSocketFolder(home: Home): Promise<string> {
  const inside = join(home.path, "s-");
  const fits = inside.length + "XXXXXX".length <= LONGEST_SOCKET_FOLDER;
  const folder = await mkdtemp(fits ? inside : join(tmpdir(), "chatroom-"));
  await chmod(folder, 0o700);
  await give(folder, home.account);
  return folder;
}

/** Ends a server whose owner died without ending it. Answers false when it cannot be asked yet. */
async function endOrphan({ dataDir, home, passwords, onLog }: Setting): Promise<boolean> {
  const found = await findPostmaster(home);
  if (found === null) return true;
  const owner = found.isReady ? await becomeOwner(found.socketFolder, passwords) : "away";
  if (owner === "held") throw new DatabaseInUseError(dataDir);
  if (owner === "away") return false;
  onLog(`PostgreSQL (pid ${found.pid}) was left behind by a server that died; it is restarted.`);
  await stopPostmaster(home, found);
  await rm(found.socketFolder, { recursive: true, force: true });
  return true;
}

/** Starts a server and owns it. Answers null when it did not stay up, or another process was quicker. */
async function startOwn({ home, binaries, passwords, socketFolder, isDurable }: Setting): Promise<Running | null> {
  await disarmPidFile(home);
  for (const name of [".s.PGSQL.5432", ".s.PGSQL.5432.lock"]) await rm(join(socketFolder, name), { force: true });
  const child = await spawnPostmaster(home, binaries, { socketFolder, isDurable });
  const ownership = (await isServing(home, child)) ? await becomeOwner(socketFolder, passwords) : "away";
  return typeof ownership === "string" ? null : { child, ownership };
}

async function lastWords(home: Home): Promise<string> {
  const text = await readFile(logFile(home), "utf8").catch(() => "");
  return text.trimEnd().split("\n").slice(-5).join("\n");
}

/**
 * Brings a server up on the cluster and owns it, after ending one that was left behind.
 * A dead server may linger for moments (a zombie, its last backends): starting is tried for 15 seconds.
 * @throws DatabaseInUseError when somebody alive owns it
 */
export async function takeOver(setting: Setting): Promise<Running> {
  const end = Date.now() + START_PATIENCE_MS;
  for (;;) {
    const running = (await endOrphan(setting)) ? await startOwn(setting) : null;
    if (running !== null) return running;
    if (Date.now() > end) throw new Error(`PostgreSQL does not start. Its last words:\n${await lastWords(setting.home)}`);
    await pause(POLL_MS);
  }
}
