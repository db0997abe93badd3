import type { AuthorDto } from "./schemas/users.ts";

/** The roles, from the lowest to the highest. */
const RANKS: readonly AuthorDto["role"][] = ["guest", "member", "moderator", "admin"];

/** The part of a user that decides who may moderate whom. */
type Ranked = Pick<AuthorDto, "id" | "role">;

const rankOf = ({ role }: Pick<Ranked, "role">): number => RANKS.indexOf(role);

/** Whether the first of two roles has fewer privileges. */
export const isLowerRole = (one: Pick<Ranked, "role">, other: Pick<Ranked, "role">): boolean => rankOf(one) < rankOf(other);

/**
 * Whether a user may moderate what another user wrote. Moderators may moderate users of a lower role, admins every other user; users cannot
 * moderate themselves. The server and the page share this rule. It imports no schema at run time, so that the page does not load one.
 */
export const mayModerate = (actor: Ranked, author: Ranked): boolean =>
  actor.id !== author.id && (actor.role === "admin" || (actor.role === "moderator" && isLowerRole(author, actor)));
