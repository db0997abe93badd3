import { randomInt } from "node:crypto";
import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { AppError } from "../../../utils/errors.ts";
import { skeletonOf } from "./confusables.ts";
import { nameTaken, pleasantName } from "./suggest-names.ts";
import { isAllowedUsername, readUsername } from "./username-rules.ts";

type Db = Pick<Prisma.TransactionClient, "user">;

/** Those of the names that may be had: usernames are taken with all that looks like them, and so are the names of staff and of the site. */
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

const pleasantUsername = (): string => pleasantName().toLowerCase().replaceAll(" ", "-");

/** Usernames near to the one somebody wanted, and pleasant ones for when none of those is free. */
function usernamesNear(wanted: string): string[] {
  const [, kind = ""] = pleasantUsername().split("-");
  const near = [`${wanted}${randomInt(10, 100)}`, `${wanted}-${kind}`, `${kind}-${wanted}`, `${wanted}.${randomInt(100, 1_000)}`];
  const short = near.filter((name) => name.length <= limits.usernameCharacters.max);
  return [...short, pleasantUsername(), pleasantUsername()];
}

/** Refuses a username that is taken, with three that are free. */
export const usernameTaken = (db: Db, wanted: string): Promise<AppError> =>
  nameTaken("username", { propose: () => usernamesNear(wanted), freeOf: (names) => freeOf(db, names) });

/**
 * The username somebody wants, if it is theirs to have. The database has the last word, by its unique index.
 * @throws AppError `invalid_input`, or `name_taken { field, suggestions }` when it speaks for the site, or somebody bears it or one that looks like it
 */
export async function validateUsername(db: Db, raw: string): Promise<string> {
  const username = readUsername(raw);
  const [free] = await freeOf(db, [username]);
  if (free === undefined) throw await usernameTaken(db, username);
  return username;
}
