import { randomInt } from "node:crypto";
import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { AppError } from "../../../utils/errors.ts";
import { skeletonOf } from "./confusables.ts";
import { nameTaken, randomName } from "./suggest-names.ts";
import { isAllowedUsername, readUsername } from "./username-rules.ts";

type Db = Pick<Prisma.TransactionClient, "user">;

/** Returns the usernames that are free: not confusable with another username or a staff member's name, and not reserved. */
async function freeOf(db: Db, usernames: readonly string[]): Promise<string[]> {
  const allowed = usernames.filter(isAllowedUsername);
  const skeletons = allowed.map(skeletonOf);
  const owners = await db.user.findMany({
    where: {
      OR: [{ usernameSkeleton: { in: skeletons } }, { nameSkeleton: { in: skeletons }, role: { in: ["moderator", "admin"] } }],
    },
    select: { usernameSkeleton: true, nameSkeleton: true },
  });
  const taken = new Set(owners.flatMap(({ usernameSkeleton, nameSkeleton }) => [usernameSkeleton, nameSkeleton]));
  return allowed.filter((username) => !taken.has(skeletonOf(username)));
}

const randomUsername = (): string => randomName().toLowerCase().replaceAll(" ", "-");

/** Returns variations of the wanted username, and random ones in case none of those is free. */
function variationsOf(wanted: string): string[] {
  const [, kind = ""] = randomUsername().split("-");
  const variations = [`${wanted}${randomInt(10, 100)}`, `${wanted}-${kind}`, `${kind}-${wanted}`, `${wanted}.${randomInt(100, 1_000)}`];
  const short = variations.filter((name) => name.length <= limits.usernameCharacters.max);
  return [...short, randomUsername(), randomUsername()];
}

/** Returns the error for a username that is taken, with three free suggestions. */
export const usernameTaken = (db: Db, wanted: string): Promise<AppError> =>
  nameTaken("username", { propose: () => variationsOf(wanted), freeOf: (names) => freeOf(db, names) });

/**
 * Validates a requested username. The unique index of the database makes the final decision.
 * @throws AppError `invalid_input`, or `name_taken { field, suggestions }` when it is reserved, taken or confusable with a taken one
 */
export async function validateUsername(db: Db, raw: string): Promise<string> {
  const username = readUsername(raw);
  const [free] = await freeOf(db, [username]);
  if (free === undefined) throw await usernameTaken(db, username);
  return username;
}
