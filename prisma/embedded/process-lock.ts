import { randomUUID } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DatabaseInUseError } from "./advisory-lock.ts";
import type { Home } from "./data-dir.ts";
import { findProcess } from "./processes.ts";

/**
 * Who makes and runs the server on this home: one start of one process. It also tells a later start of an owner whose PostgreSQL
 * happens to be down for a moment. Where processes cannot see each other (two containers), the socket of the running server decides.
 */
type Claim = { readonly id: string; readonly pid: number; readonly bornAt: string };

const PATIENCE_MS = 2_000;
const POLL_MS = 100;

const claimFile = (home: Home): string => join(home.path, "owner.json");
const draftOf = (home: Home, id: string): string => join(home.path, `draft-owner-${id}.json`);

const isHeld = ({ pid, bornAt }: Claim): boolean => findProcess(pid)?.bornAt === bornAt;

/** A file that a power cut left unreadable names nobody alive: its owner ended with the machine. */
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

/** Takes a dead owner's claim away. One that somebody living has put in its place meanwhile goes back there. */
async function clearAway(home: Home): Promise<void> {
  const aside = draftOf(home, randomUUID());
  await rename(claimFile(home), aside).catch(() => undefined);
  const taken = await readClaim(aside);
  if (taken !== null && isHeld(taken)) await link(aside, claimFile(home)).catch(() => undefined);
  await rm(aside, { force: true });
}

/** Whether the claim, which is whole in `draft`, is now the one. Only the first of two can link it to its place. */
async function place(home: Home, draft: string): Promise<boolean> {
  const found = await readClaim(claimFile(home));
  if (found !== null && isHeld(found)) return false;
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
  const own: Claim = { id: randomUUID(), pid: process.pid, bornAt: findProcess(process.pid)?.bornAt ?? "" };
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
