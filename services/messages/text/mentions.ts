import type pg from "pg";
import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { normaliseUsername } from "../../users/names/username-rules.ts";
import { mentionsOf } from "../policy.ts";

/** Code blocks and inline code, in which mentions are ignored. */
const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`/gu;

/**
 * A whole username: it must not be followed by characters of a username, or by punctuation with more of them, so that a longer name does
 * not mention a user with a shorter one.
 */
const USERNAME = `[A-Za-z0-9](?:[A-Za-z0-9._-]{0,${limits.usernameCharacters.max - 2}}[A-Za-z0-9])?(?![A-Za-z0-9]|[._-]+[A-Za-z0-9])`;

/** `@username` without a preceding letter or digit, and `<@userId>` for users without a username. */
const NAMED = new RegExp(`(?<![\\p{L}\\p{N}._-])@(${USERNAME})|<@([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})>`, "gu");

/** A text with more possible mentions than this is rejected without a look-up. */
const TRIED = 50;

const FIND = `
  SELECT id FROM users WHERE erased_at IS NULL AND (username = ANY($1::text[]) OR id = ANY($2::uuid[]))`;

/** Returns the distinct usernames and ids that a text mentions. */
export function namedIn(text: string): { usernames: string[]; ids: string[] } {
  if (!text.includes("@")) return { usernames: [], ids: [] };
  const usernames = new Set<string>();
  const ids = new Set<string>();
  for (const [, name, id] of text.replace(CODE, " ").matchAll(NAMED)) {
    if (name !== undefined) usernames.add(normaliseUsername(name));
    if (id !== undefined) ids.add(id.toLowerCase());
  }
  return { usernames: [...usernames], ids: [...ids] };
}

/**
 * Returns the users that a text mentions. Unknown names are ignored.
 * @throws AppError `too_many_mentions { max }`
 */
export async function findMentions(ctx: Ctx<"pool">, text: string): Promise<string[]> {
  const { usernames, ids } = namedIn(text);
  const tried = usernames.length + ids.length;
  if (tried === 0) return [];
  const max = mentionsOf(ctx.actor);
  if (tried > TRIED) throw new AppError("too_many_mentions", { max });
  const { rows } = await ctx.pool.query<{ id: string }>({ name: "mentions-find", text: FIND, values: [usernames, ids] });
  if (rows.length > max) throw new AppError("too_many_mentions", { max });
  return rows.map(({ id }) => id);
}

/** Selects those of several users who may read a room, so that only they are notified. */
const READERS_OF_ROOM = `
  SELECT u.id FROM users u, rooms r LEFT JOIN lounges l ON l.id = r.lounge_id
  WHERE r.id = $1 AND u.id = ANY($2::uuid[]) AND u.erased_at IS NULL AND (
    l.access_level = 'open' OR (l.access_level = 'registered' AND u.kind <> 'guest')
    OR EXISTS (SELECT FROM room_members m WHERE m.room_id = r.id AND m.user_id = u.id AND (m.state = 'active' OR r.kind <> 'group')))`;

/** Returns those of several users who may be notified of a message in a room. */
export async function filterReaders(db: pg.Pool | pg.PoolClient, roomId: string, userIds: readonly string[]): Promise<string[]> {
  if (userIds.length === 0) return [];
  const { rows } = await db.query<{ id: string }>({ name: "mentions-readers", text: READERS_OF_ROOM, values: [roomId, userIds] });
  return rows.map(({ id }) => id);
}
