import type { AuthorDto } from "./schemas/users.ts";

/** The roles, from the lowest to the highest. */
const RANKS: readonly AuthorDto["role"][] = ["guest", "member", "moderator", "admin"];

/** Somebody as far as it decides who may moderate whom. */
type Ranked = Pick<AuthorDto, "id" | "role">;

const rankOf = ({ role }: Ranked): number => RANKS.indexOf(role);

/**
 * Whether somebody may decide about what somebody else wrote. Staff decide about people of a lower role, admins about everybody else;
 * nobody decides about themselves. Server and page use this one rule; it needs no schema, so that the page loads none for it.
 */
export const mayModerate = (actor: Ranked, author: Ranked): boolean =>
  actor.id !== author.id && (actor.role === "admin" || (actor.role === "moderator" && rankOf(actor) > rankOf(author)));
