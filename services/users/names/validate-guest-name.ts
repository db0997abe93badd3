import type { PrismaClient } from "../../../prisma/generated/client.ts";
import { AppError } from "../../../utils/errors.ts";
import { skeletonOf } from "./confusables.ts";
import { readName } from "./name-rules.ts";
import { isReservedName } from "./reserved-names.ts";
import { findFreeNames, nameTaken, randomName, variationsOf } from "./suggest-names.ts";

/** Returns the names that are not confusable with a member's or reserved. Guests may share a name, because they have a badge. */
async function freeOf(db: PrismaClient, names: readonly string[]): Promise<string[]> {
  const skeletons = new Map(names.filter((name) => !isReservedName(name)).map((name) => [name, skeletonOf(name)]));
  const wanted = [...skeletons.values()];
  const owners = await db.user.findMany({
    where: { kind: { not: "guest" }, OR: [{ nameSkeleton: { in: wanted } }, { usernameSkeleton: { in: wanted } }] },
    select: { nameSkeleton: true, usernameSkeleton: true },
  });
  const taken = new Set(owners.flatMap(({ nameSkeleton, usernameSkeleton }) => [nameSkeleton, usernameSkeleton]));
  return [...skeletons].filter(([, skeleton]) => !taken.has(skeleton)).map(([name]) => name);
}

async function randomFreeName(db: PrismaClient): Promise<string> {
  const [name] = await findFreeNames({ propose: () => [randomName()], freeOf: (names) => freeOf(db, names) }, 1);
  if (name === undefined) throw new AppError("unavailable", { retryAfterMs: 1_000 });
  return name;
}

/**
 * Returns the validated name of a guest, or a random one if none is given.
 * @throws AppError `invalid_input`, or `name_taken { field, suggestions }` when it looks like a member's or a reserved name
 */
export async function validateGuestName(db: PrismaClient, wanted: string | undefined): Promise<string> {
  if (wanted === undefined) return randomFreeName(db);
  const name = readName(wanted);
  const [free] = await freeOf(db, [name]);
  if (free !== undefined) return free;
  throw await nameTaken("displayName", { propose: () => variationsOf(name), freeOf: (names) => freeOf(db, names) });
}
