import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseInUseError } from "./advisory-lock.ts";
import type { Home } from "./data-dir.ts";
import { findProcess } from "./processes.ts";

/**
 * The claim of the process that runs the server on this home: one start of one process. A later start finds the owner through it even if
 * its PostgreSQL is down for a moment. If processes cannot see each other (two containers), the socket of the running server decides.
 */
type Claim = { readonly id: string; readonly pid: number; readonly bornAt: string };

const TIMEOUT_MS = 2_000;
const POLL_MS = 100;

const claimFile = (home: Home): string => join(home.path, "owner.json");
const draftOf = (home: Home, id: string): string => join(home.path, `draft-owner-${id}.json`);

const isOwnerAlive = ({ pid, bornAt }: Claim): boolean => findProcess(pid)?.bornAt === bornAt;

/** Parses a claim. A file that a power failure made unreadable has no live owner: its owner ended with the machine. */
function parseClaim(text: string): Claim {
  try {
    return JSON.parse(text) as Claim;
  } catch {
    return { id: "", pid: 0, bornAt: "" };
  }
}

async function readClaim(path: string): Promise<Claim | null> {
  const text = await readFile(path, "utf8").catch(() => null);
  return text === null ? null : parseClaim(text);
}

/** Removes a dead owner's claim. If a live process has written its claim meanwhile, that claim is put back. */
async function removeClaim(home: Home): Promise<void> {
  const moved = draftOf(home, randomUUID());
  await rename(claimFile(home), moved).catch(() => undefined);
  const taken = await readClaim(moved);
  if (taken !== null && isOwnerAlive(taken)) await link(moved, claimFile(home)).catch(() => undefined);
  await rm(moved, { force: true });
}

/** Links the draft to the claim file and returns whether this succeeded. Only the first of two processes can link it. */
async function linkClaim(home: Home, draft: string): Promise<boolean> {
  const found = await readClaim(claimFile(home));
  if (found !== null && isOwnerAlive(found)) return false;
  if (found !== null) await removeClaim(home);
  return link(draft, claimFile(home)).then(
    () => true,
    () => false,
  );
}

/**
 * Records this start as the owner of the home, and returns a function that withdraws the claim. Waits two seconds for an owner that is
 * stopping.
 * @throws DatabaseInUseError when the owner stays alive
 */
export async function claim(home: Home, dataDir: string): Promise<() => Promise<void>> {
  const own: Claim = { id: randomUUID(), pid: process.pid, bornAt: findProcess(process.pid)?.bornAt ?? "" };
  const draft = draftOf(home, own.id);
  const end = Date.now() + TIMEOUT_MS;
  await writeFile(draft, JSON.stringify(own), { mode: 0o600 });
  try {
    while (!(await linkClaim(home, draft))) {
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
