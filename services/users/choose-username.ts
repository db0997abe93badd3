import { randomInt } from "node:crypto";
import type { Prisma } from "../../prisma/generated/client.ts";
import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { skeletonOf } from "./skeleton.ts";
import { pleasantName } from "./suggest-names.ts";
import { isAllowedUsername, readUsername } from "./username-rules.ts";

type Db = Pick<Prisma.TransactionClient, "user">;

const SUGGESTIONS = 3;
const TRIES = 20;

/** Those of the names that nobody bears or speaks for: usernames are taken with all that looks like them, and so are the names of staff. */
async function freeOf(db: Db, usernames: readonly string[]): Promise<string[]> {
  const skeletons = usernames.map(skeletonOf);
  const owners = await db.user.findMany({
    where: {
      OR: [{ usernameSkeleton: { in: skeletons } }, { nameSkeleton: { in: skeletons }, role: { in: ["moderator", "admin"] } }],
    },
    select: { usernameSkeleton: true, nameSkeleton: true },
  });
  const taken = new Set(owners.flatMap(({ usernameSkeleton, nameSkeleton }) => [usernameSkeleton, nameSkeleton]));
  return usernames.filter((username) => !taken.has(skeletonOf(username)));
}

const pleasantUsername = (): string => pleasantName().toLowerCase().replaceAll(" ", "-");

/** Usernames near to the one somebody wanted, and pleasant ones for when none of those is free. */
function usernamesNear(wanted: string): string[] {
  const [, kind = ""] = pleasantUsername().split("-");
  const near = [`${wanted}${randomInt(10, 100)}`, `${wanted}-${kind}`, `${kind}-${wanted}`, `${wanted}.${randomInt(100, 1_000)}`];
  const short = near.filter((name) => name.length <= limits.usernameCharacters.max);
  return [...short, pleasantUsername(), pleasantUsername()].filter(isAllowedUsername);
}

/** Refuses a username that is taken, with three that are free. */
export async function usernameTaken(db: Db, wanted: string): Promise<AppError> {
  const free = new Set<string>();
  for (let tries = 0; tries < TRIES && free.size < SUGGESTIONS; tries++)
    for (const name of await freeOf(db, usernamesNear(wanted))) free.add(name);
  return new AppError("username_taken", { suggestions: [...free].slice(0, SUGGESTIONS) });
}

/**
 * The username somebody wants, if it is theirs to have. The database has the last word, by its unique index.
 * @throws AppError `username_not_allowed { reason }`, or `username_taken { suggestions }` when somebody bears it or one that looks like it
 */
export async function chooseUsername(db: Db, raw: string): Promise<string> {
  const username = readUsername(raw);
  const [free] = await freeOf(db, [username]);
  if (free === undefined) throw await usernameTaken(db, username);
  return username;
}
