import { toArrayLiteral } from "../../prisma/pg-array.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { invalidateActor } from "../auth/sessions/invalidate-actor.ts";
import type { Services } from "../context.ts";
import { applyInvisibility } from "../presence/apply-invisibility.ts";

/**
 * Selects those of several users whose role or visibility differs from the known one. Users who are being deleted are notified by the end
 * of their sessions.
 */
const CHANGED = `
  SELECT u.id, u.display_name AS "displayName", u.avatar_url AS "avatarUrl", u.kind, u.role, u.is_invisible AS "isInvisible"
  FROM unnest($1::uuid[], $2::role[], $3::bool[]) AS known(id, role, is_hidden) JOIN users u ON u.id = known.id
  WHERE (u.role <> known.role OR u.is_invisible <> known.is_hidden)
    AND NOT EXISTS (SELECT FROM account_deletions d WHERE d.user_id = u.id)`;

type Changed = AuthorDto & { readonly isInvisible: boolean };

/** The maximum number of users per query. */
const BATCH = 5_000;

const ranks = ["guest", "member", "moderator", "admin"] as const;
const rankOf = ({ role }: AuthorDto): number => ranks.indexOf(role);

/**
 * Detects changes of present users by another node, or by an operator's command: invisibility, and reduced privileges. To be called every
 * second.
 */
export async function pollUserChanges(
  services: Pick<Services, "reservedPool" | "sessions" | "publish" | "presence" | "typing" | "joinLeaveBatcher">,
): Promise<void> {
  const { reservedPool: pool, presence, publish } = services;
  const people = presence.people();
  for (let from = 0; from < people.length; from += BATCH) {
    const batch = people.slice(from, from + BATCH);
    const before = new Map(batch.map(({ author }) => [author.id, author]));
    const columns = [batch.map(({ author }) => author.id), batch.map(({ author }) => author.role), batch.map(({ isHidden }) => isHidden)];
    const { rows } = await pool.query<Changed>({ name: "people-changed", text: CHANGED, values: columns.map(toArrayLiteral) });
    for (const { isInvisible, ...author } of rows) {
      const known = before.get(author.id);
      // Invalidate the cache first: a client that is disconnected below reconnects at once, and must not get its previous rights.
      await invalidateActor({ pool, sessions: services.sessions }, author.id);
      applyInvisibility(services, author, { isInvisible });
      presence.rename(author);
      if (known !== undefined && rankOf(author) < rankOf(known)) publish.privilegesReduced(author.id);
    }
  }
}
