import { readdir, rm, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DatabaseInUseError } from "./embedded/advisory-lock.ts";
import { installBinaries } from "./embedded/binaries.ts";
import { type Addresses, addressesOf, createCluster, createDatabase, loadPasswords } from "./embedded/cluster.ts";
import { type Home, prepareHome } from "./embedded/data-dir.ts";
import { findPostmaster, logFile } from "./embedded/postmaster.ts";
import { claim } from "./embedded/process-lock.ts";
import { makeSocketFolder, type Setting, takeOver } from "./embedded/server.ts";
import { type Ending, supervise } from "./embedded/supervisor.ts";

export { DatabaseInUseError };

const LONGEST_LOG_BYTES = 5_000_000;

export type EmbeddedOptions = {
  /** The data folder; the database is in its `postgres` subfolder. Created if missing. */
  readonly dataDir: string;
  /** Receives the launcher's log messages, one line each. */
  readonly onLog?: (line: string) => void;
  /** Aborts the start. A database that has started is stopped with `stop` only. */
  readonly signal?: AbortSignal | undefined;
  /** False disables the guarantee that a commit survives a power failure. For tests only; true by default. */
  readonly isDurable?: boolean;
};

/**
 * A running database. `url` is the application's address for `pg`, `ownerUrl` the superuser's; both stay valid when PostgreSQL has to be
 * restarted. `exited` resolves
 * when the database was stopped or cannot be kept running. `stop` keeps everything committed and takes 8 s at most, also when PostgreSQL
 * hangs; end your pools first, because open transactions are rolled back.
 */
export type EmbeddedDatabase = Addresses & {
  readonly exited: Promise<Ending>;
  stop(): Promise<void>;
};

type Prepared = Omit<Setting, "stopping">;

async function prepare(home: Home, { dataDir, isDurable = true, onLog = () => undefined }: EmbeddedOptions): Promise<Prepared> {
  const binaries = await installBinaries(home);
  const passwords = await loadPasswords(home);
  await createCluster(home, binaries, passwords);
  const socketFolder = await makeSocketFolder(home);
  return { dataDir, home, binaries, passwords, socketFolder, isDurable, onLog };
}

/** Removes leftovers of earlier starts: binaries of other versions, old sockets, unfinished drafts, an oversized log. */
async function removeLeftovers({ home, binaries, socketFolder }: Setting): Promise<void> {
  const paths = (await readdir(home.path)).filter((name) => /^(binaries|s|draft)-/.test(name)).map((name) => join(home.path, name));
  const leftovers = paths.filter((path) => path !== socketFolder && !binaries.startsWith(`${path}/`));
  await Promise.all(leftovers.map((path) => rm(path, { recursive: true, force: true })));
  const log = await stat(logFile(home)).catch(() => null);
  if (log !== null && log.size > LONGEST_LOG_BYTES) await rm(logFile(home));
}

/**
 * Starts PostgreSQL on a folder of its own and keeps it running, and creates the application's database if it is new. Every acknowledged
 * commit is on disk. Takes over a server that a dead process left behind.
 * @throws DatabaseInUseError when another live process runs a server on this folder
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const dataDir = resolve(options.dataDir);
  const home = await prepareHome(dataDir);
  const leave = [await claim(home, dataDir)];
  const undo = async (): Promise<void> => {
    for (const step of leave.reverse()) await step();
  };
  const stopping = new AbortController();
  const giveUp = (): void => stopping.abort();
  options.signal?.addEventListener("abort", giveUp, { once: true });
  let left: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping.abort();
    left ??= undo();
    return left;
  };
  try {
    const setting = { ...(await prepare(home, { ...options, dataDir })), stopping: stopping.signal };
    leave.push(() => rm(setting.socketFolder, { recursive: true, force: true }));
    const running = await takeOver(setting);
    const { exited, end } = supervise(setting, running);
    leave.push(end);
    await removeLeftovers(setting);
    const addresses = await createDatabase(running.ownership.client, setting.socketFolder, setting.passwords);
    setting.onLog(`PostgreSQL is ready (pid ${running.child.pid}).`);
    return { ...addresses, exited: exited.finally(stop), stop };
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener("abort", giveUp);
  }
}

/** Returns the addresses of the database that a running server keeps in this folder; null when none runs. */
export async function findAddresses(dataDir: string): Promise<Addresses | null> {
  const home = await prepareHome(resolve(dataDir));
  const found = await findPostmaster(home);
  if (found === null || !found.isReady) return null;
  return addressesOf(found.socketFolder, await loadPasswords(home));
}

/** Returns the application's address of that database, for tools that run next to the server; null when none runs. */
export const findEmbedded = async (dataDir: string): Promise<string | null> => (await findAddresses(dataDir))?.url ?? null;
