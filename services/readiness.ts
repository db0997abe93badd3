import { pendingMigrations } from "../prisma/migrate.ts";
import type { Services } from "./context.ts";

/** One part of the server and whether it can do its work now. */
export type PartState = { readonly ok: boolean; readonly [fact: string]: unknown };

const succeeds = (work: Promise<unknown>): Promise<boolean> =>
  work.then(
    () => true,
    () => false,
  );

/** The parts that decide whether this node may get traffic, all asked at once. `jobs` answers their last runs and never fails. */
export async function readParts({ pool, limits }: Services, jobs: () => Promise<unknown>): Promise<Record<string, PartState>> {
  const [isAlive, isMigrated, runs] = await Promise.all([
    succeeds(pool.query("SELECT 1")),
    pendingMigrations(pool).then(
      (pending) => pending.length === 0,
      () => false,
    ),
    jobs(),
  ]);
  return {
    database: { ok: isAlive },
    migrations: { ok: isMigrated },
    // Without Redis each node keeps limits of its own: less, but at work.
    redis: { ok: true, limitsAreShared: limits.isShared() },
    jobs: { ok: true, jobs: runs },
  };
}
