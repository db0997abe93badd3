import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Home } from "./home.ts";
import { DatabaseInUseError } from "./owner.ts";

/**
 * Who makes and runs the server on this home: one start of one process. It also tells a newcomer of an owner whose PostgreSQL
 * happens to be down for a moment. Where processes cannot see each other (two containers), the lock in the database decides.
 */
type Claim = { readonly id: string; readonly pid: number; readonly bornAt: string };

const run = promisify(execFile);
const PATIENCE_MS = 2_000;
const POLL_MS = 100;

const claimFile = (home: Home): string => join(home.path, "owner.json");
const draftOf = (home: Home, id: string): string => join(home.path, `draft-owner-${id}.json`);

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

async function isHeld({ pid, bornAt }: Claim): Promise<boolean> {
  return (await birthOf(pid)) === bornAt;
}

async function readClaim(path: string): Promise<Claim | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text === null ? null : (JSON.parse(text) as Claim);
}

/** Takes a dead owner's claim away. One that somebody living has put in its place meanwhile goes back there. */
async function clearAway(home: Home): Promise<void> {
  const aside = draftOf(home, randomUUID());
  await rename(claimFile(home), aside).catch(() => undefined);
  const taken = await readClaim(aside);
  if (taken !== null && (await isHeld(taken))) await link(aside, claimFile(home)).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether the claim, which is whole in `draft`, is now the one. Only the first of two can link it to its place. */
async function place(home: Home, draft: string): Promise<boolean> {
  const found = await readClaim(claimFile(home));
  if (found !== null && (await isHeld(found))) return false;
  if (found !== null) await clearAway(home);
  return link(draft, claimFile(home)).then(
    () => true,
    () => false,
  );
}

/**
 * Writes this start down as the owner of the home, and answers how to withdraw. Waits two seconds for an owner that is just ending.
 * @throws DatabaseInUseError when it lives on
 */
export async function claim(home: Home, dataDir: string): Promise<() => Promise<void>> {
  const own: Claim = { id: randomUUID(), pid: process.pid, bornAt: (await birthOf(process.pid)) ?? "" };
  const draft = draftOf(home, own.id);
  const end = Date.now() + PATIENCE_MS;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    while (!(await place(home, draft))) {
      if (Date.now() > end) throw new DatabaseInUseError(dataDir);
      await pause(POLL_MS);
    }
  } finally {
    await rm(draft, { force: true });
  }
  return async () => {
    if ((await readClaim(claimFile(home)))?.id === own.id) await rm(claimFile(home), { force: true });
  };
}
