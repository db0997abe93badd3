import type pg from "pg";
import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";
import { normaliseUsername } from "../../users/names/username-rules.ts";
import { mentionsOf } from "../policy.ts";

/** Code blocks and inline code, in which nobody is mentioned. */
const CODE = /```[\s\S]*?(?:```|$)|`[^`\n]*`/gu;

/** A whole username: neither its characters nor a name's punctuation with more of them may follow, so that a longer name names nobody. */
const USERNAME = `[A-Za-z0-9](?:[A-Za-z0-9._-]{0,${limits.usernameCharacters.max - 2}}[A-Za-z0-9])?(?![A-Za-z0-9]|[._-]+[A-Za-z0-9])`;

/** `@username` where no word goes before it, and `<@userId>` for those without a username. */
const NAMED = new RegExp(`(?<![\\p{L}\\p{N}._-])@(${USERNAME})|<@([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})>`, "gu");

/** A text that tries more names than this is a flood, whoever they are. */
const TRIED = 50;

const FIND = `
  SELECT id FROM users WHERE erased_at IS NULL AND (username = ANY($1::text[]) OR id = ANY($2::uuid[]))`;

/** The usernames and ids that a text names, each once. */
export function namedIn(text: string): { usernames: string[]; ids: string[] } {
  if (!text.includes("@")) return { usernames: [], ids: [] };
  const [usernames, ids] = [new Set<string>(), new Set<string>()];
  for (const [, name, id] of text.replace(CODE, " ").matchAll(NAMED)) {
    if (name !== undefined) usernames.add(normaliseUsername(name));
    if (id !== undefined) ids.add(id.toLowerCase());
  }
  return { usernames: [...usernames], ids: [...ids] };
}

/**
 * The people whom a text names. Names of nobody are just words.
 * @throws AppError `too_many_mentions { max }`
 */
export async function findMentions(ctx: Ctx, text: string): Promise<string[]> {
  const { usernames, ids } = namedIn(text);
  const tried = usernames.length + ids.length;
  if (tried === 0) return [];
  const max = mentionsOf(ctx.actor);
  if (tried > TRIED) throw new AppError("too_many_mentions", { max });
  const { rows } = await ctx.pool.query<{ id: string }>({ name: "mentions-find", text: FIND, values: [usernames, ids] });
  if (rows.length > max) throw new AppError("too_many_mentions", { max });
  return rows.map(({ id }) => id);
}

/** Of some people, those who may read a room, so that nobody hears of what they cannot see. */
const READERS = `
  SELECT u.id FROM users u, rooms r LEFT JOIN lounges l ON l.id = r.lounge_id
  WHERE r.id = $1 AND u.id = ANY($2::uuid[]) AND u.erased_at IS NULL AND (
    l.access_level = 'open' OR (l.access_level = 'registered' AND u.kind <> 'guest')
    OR EXISTS (SELECT FROM room_members m WHERE m.room_id = r.id AND m.user_id = u.id AND (m.state = 'active' OR r.kind <> 'group')))`;

/** Of some people, those who are to be told of what happens in a room. */
export async function readersAmong(db: pg.Pool | pg.PoolClient, roomId: string, userIds: readonly string[]): Promise<string[]> {
  if (userIds.length === 0) return [];
  const { rows } = await db.query<{ id: string }>({ name: "mentions-readers", text: READERS, values: [roomId, userIds] });
  return rows.map(({ id }) => id);
}
