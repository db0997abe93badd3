import { toArrayLiteral } from "../../prisma/pg-array.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { invalidateActor } from "../auth/sessions/invalidate-actor.ts";
import type { Services } from "../context.ts";
import { applyInvisibility } from "../presence/apply-invisibility.ts";

/** Of the people asked for, those who are not as they are believed to be. Who has just left is told so by the end of their sessions. */
const CHANGED = `
  SELECT u.id, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role, u.is_invisible AS "isInvisible"
  FROM unnest($1::uuid[], $2::role[], $3::bool[]) AS known(id, role, is_hidden) JOIN users u ON u.id = known.id
  WHERE (u.role <> known.role OR u.is_invisible <> known.is_hidden)
    AND NOT EXISTS (SELECT FROM account_deletions d WHERE d.user_id = u.id)`;

type Changed = AuthorDto & { readonly isInvisible: boolean };

/** One question to the database names so many people at most. */
const QUESTION = 5_000;

const ranks = ["guest", "member", "moderator", "admin"] as const;
const rankOf = ({ role }: AuthorDto): number => ranks.indexOf(role);

/**
 * Notices what another node, or somebody at the console, changed about people who are here: who wants to be unseen now, and who
 * may do less. To be called every second.
 */
export async function pollUserChanges(services: Services): Promise<void> {
  const { reservedPool: pool, presence, publish } = services;
  const people = presence.people();
  for (let from = 0; from < people.length; from += QUESTION) {
    const asked = people.slice(from, from + QUESTION);
    const before = new Map(asked.map(({ author }) => [author.id, author]));
    const columns = [asked.map(({ author }) => author.id), asked.map(({ author }) => author.role), asked.map(({ isHidden }) => isHidden)];
    const { rows } = await pool.query<Changed>({ name: "people-changed", text: CHANGED, values: columns.map(toArrayLiteral) });
    for (const { isInvisible, ...author } of rows) {
      const known = before.get(author.id);
      // Before anything else: who is cut below comes in again at once, and must not find their former rights.
      await invalidateActor({ pool, sessions: services.sessions }, author.id);
      applyInvisibility(services, author, { isInvisible });
      presence.rename(author);
      if (known !== undefined && rankOf(author) < rankOf(known)) publish.privilegesReduced(author.id);
    }
  }
}
