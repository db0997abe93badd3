import { execFile } from "node:child_process";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Home } from "./home.ts";
import { DatabaseInUseError } from "./owner.ts";

/**
 * Who runs the server on this home. The lock in the database decides between two starts; the claim tells a newcomer
 * of an owner whose PostgreSQL happens to be down for a moment, being restarted.
 */
type Claim = { readonly pid: number; readonly bornAt: string };

const run = promisify(execFile);
const PATIENCE_MS = 2_000;
const POLL_MS = 100;

const claimFile = (home: Home): string => join(home.path, "owner.json");

/** Fields 3 and 22 of /proc/<pid>/stat (proc(5)); the second may hold spaces, so counting starts behind it. */
async function birthOnLinux(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
  return fields[0] === "Z" ? null : `${boot.trim()} ${fields[19]}`;
}

/** When a process was born, or null when it lives no more: a pid alone may have passed to another. */
async function birthOf(pid: number): Promise<string | null> {
  const birth =
    process.platform === "linux" ? birthOnLinux(pid) : run("ps", ["-o", "lstart=", "-p", String(pid)]).then(({ stdout }) => stdout.trim());
  return birth.catch(() => null);
}

async function isOwned(home: Home): Promise<boolean> {
  const text = await readFile(claimFile(home), "utf8").catch(() => null);
  if (text === null) return false;
  const { pid, bornAt } = JSON.parse(text) as Claim;
  return (await birthOf(pid)) === bornAt;
}

/**
 * Waits two seconds for an owner that is just ending.
 * @throws DatabaseInUseError when it lives on
 */
export async function expectUnowned(home: Home, dataDir: string): Promise<void> {
  const end = Date.now() + PATIENCE_MS;
  while (await isOwned(home)) {
    if (Date.now() > end) throw new DatabaseInUseError(dataDir);
    await pause(POLL_MS);
  }
}

/** Writes this process down as the owner. Called once the database's lock is held. */
export async function writeClaim(home: Home): Promise<void> {
  const claim: Claim = { pid: process.pid, bornAt: (await birthOf(process.pid)) ?? "" };
  await writeFile(`${claimFile(home)}.draft`, JSON.stringify(claim), { mode: 0o600 });
  await rename(`${claimFile(home)}.draft`, claimFile(home));
}

export const withdrawClaim = (home: Home): Promise<void> => rm(claimFile(home), { force: true });
