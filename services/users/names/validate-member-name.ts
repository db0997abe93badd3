import type { Prisma } from "../../../prisma/generated/client.ts";
import { skeletonOf } from "./confusables.ts";
import { readName } from "./name-rules.ts";
import { isReservedName } from "./reserved-names.ts";
import { nameTaken, variationsOf } from "./suggest-names.ts";

type Db = Pick<Prisma.TransactionClient, "user">;

/** The requested display name; `userId` is null for a new user. */
export type RequestedName = { readonly wanted: string; readonly userId: string | null };

/** Returns the names that are not confusable with another user's username or a staff member's name, and not reserved. */
async function freeOf(db: Db, names: readonly string[], userId: string | null): Promise<string[]> {
  const allowed = names.filter((name) => !isReservedName(name));
  const skeletons = allowed.map(skeletonOf);
  const owners = await db.user.findMany({
    where: {
      ...(userId !== null && { id: { not: userId } }),
      OR: [{ usernameSkeleton: { in: skeletons } }, { nameSkeleton: { in: skeletons }, role: { in: ["moderator", "admin"] } }],
    },
    select: { usernameSkeleton: true, nameSkeleton: true, role: true },
  });
  const taken = new Set(
    owners.flatMap(({ usernameSkeleton, nameSkeleton, role }) =>
      role === "moderator" || role === "admin" ? [usernameSkeleton, nameSkeleton] : [usernameSkeleton],
    ),
  );
  return allowed.filter((name) => !taken.has(skeletonOf(name)));
}

/**
 * Validates the display name of a member. Members may share a name, but it must not be confusable with another user's username or a
 * staff member's name, nor be reserved.
 * @throws AppError `invalid_input`, or `name_taken { field, suggestions }`
 */
export async function validateMemberName(db: Db, { wanted, userId }: RequestedName): Promise<string> {
  const name = readName(wanted);
  const [free] = await freeOf(db, [name], userId);
  if (free === undefined)
    throw await nameTaken("displayName", { propose: () => variationsOf(name), freeOf: (names) => freeOf(db, names, userId) });
  return name;
}
