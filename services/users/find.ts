import type { Prisma } from "../../prisma/generated/client.ts";
import { DEFAULT_PAGE, type Page } from "../../utils/contract/schemas/primitives.ts";
import type { FindUsersInput, UserDto } from "../../utils/contract/schemas/users.ts";
import { invalidCursor, LOWEST_ID, UUID } from "../../utils/cursor.ts";
import type { Ctx } from "../context.ts";
import { skeletonOf } from "./names/confusables.ts";
import { presentUser } from "./present.ts";

type Row = Parameters<typeof presentUser>[0];

/** Selects the users that a search may find: active members and bots. */
const FOUND = `
  FROM users u WHERE u.kind <> 'guest' AND u.erased_at IS NULL AND u.retired_at IS NULL AND NOT EXISTS (SELECT FROM account_deletions d WHERE d.user_id = u.id)`;

const COLUMNS = `SELECT u.id, u.username, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role, u.languages,
  u.created_at AS "createdAt"`;

/**
 * Searches usernames first, then names. Each list is an index range scan in byte order from the prefix to the end of its range, starting
 * after the cursor.
 */
const BY_USERNAME = `${COLUMNS} ${FOUND}
  AND u.username_skeleton ~>=~ $1 AND u.username_skeleton ~<~ $2 AND u.username_skeleton ~>~ $3
  ORDER BY u.username_skeleton USING ~<~ LIMIT $4`;
const BY_NAME = `${COLUMNS} ${FOUND}
  AND u.name_skeleton ~>=~ $1 AND u.name_skeleton ~<~ $2 AND u.name_skeleton ~>=~ $3
  AND (u.name_skeleton <> $3 OR u.id > $4) AND (u.username_skeleton ~<~ $1 OR u.username_skeleton ~>=~ $2)
  ORDER BY u.name_skeleton USING ~<~, u.id LIMIT $5`;

const CURSOR = new RegExp(`^([un])\\.(${UUID})$`);

/** The position of a page: the list, and the last entry before it. */
type FindPosition = { readonly list: "u" | "n"; readonly skeleton: string; readonly id: string };

async function positionOf(db: Pick<Prisma.TransactionClient, "user">, cursor: string | undefined): Promise<FindPosition> {
  if (cursor === undefined) return { list: "u", skeleton: "", id: LOWEST_ID };
  const [, list, id] = CURSOR.exec(cursor) ?? [];
  if ((list !== "u" && list !== "n") || id === undefined) return invalidCursor();
  const last = await db.user.findUnique({ where: { id }, select: { usernameSkeleton: true, nameSkeleton: true } });
  if (last === null) return invalidCursor();
  return { list, skeleton: (list === "u" ? last.usernameSkeleton : last.nameSkeleton) ?? "", id };
}

/** The highest code point; appended to a prefix it sorts after every text that begins with the prefix. */
const LAST = "\u{10FFFF}";

type Entry = { readonly row: Row; readonly list: FindPosition["list"] };

/** Reads up to `limit` entries of one list after a position. */
async function readList(
  pool: Ctx["pool"],
  prefix: string,
  { position, limit }: { position: FindPosition; limit: number },
): Promise<Entry[]> {
  const range = [prefix, prefix + LAST, position.skeleton];
  const { rows } =
    position.list === "u"
      ? await pool.query<Row>({ name: "users-by-username", text: BY_USERNAME, values: [...range, limit] })
      : await pool.query<Row>({ name: "users-by-name", text: BY_NAME, values: [...range, position.id, limit] });
  return rows.map((row) => ({ row, list: position.list }));
}

/** Returns members and bots whose username or name begins with the query or a confusable of it; the cursor is the last entry. */
export async function findUsers({ db, pool }: Ctx<"db" | "pool">, input: FindUsersInput): Promise<Page<UserDto>> {
  const limit = input.limit ?? DEFAULT_PAGE;
  const position = await positionOf(db, input.cursor);
  const prefix = skeletonOf(input.query);
  if (prefix === "") return { items: [], nextCursor: null };
  const found = await readList(pool, prefix, { position, limit: limit + 1 });
  const left = limit + 1 - found.length;
  if (position.list === "u" && left > 0)
    found.push(...(await readList(pool, prefix, { position: { list: "n", skeleton: "", id: LOWEST_ID }, limit: left })));
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { items: page.map(({ row }) => presentUser(row)), nextCursor: last ? `${last.list}.${last.row.id}` : null };
}
