import { z } from "zod";
import { sentMessage } from "./messages.ts";
import { id, pageQuery } from "./primitives.ts";
import { type AuthorDto, roles } from "./users.ts";

/** Somebody as far as it decides who may moderate whom. */
type Ranked = Pick<AuthorDto, "id" | "role">;

const rankOf = ({ role }: Ranked): number => roles.indexOf(role);

/**
 * Whether somebody may decide about what somebody else wrote. Staff decide about people of a lower role, admins about everybody else;
 * nobody decides about themselves. The server and the page ask this function.
 */
export const mayModerate = (actor: Ranked, author: Ranked): boolean =>
  actor.id !== author.id && (actor.role === "admin" || (actor.role === "moderator" && rankOf(actor) > rankOf(author)));

export const listHeldInput = pageQuery;
export type ListHeldInput = z.infer<typeof listHeldInput>;

export const decideHeldInput = z.strictObject({ messageId: id, outcome: z.enum(["approve", "refuse"]) });
export type DecideHeldInput = z.infer<typeof decideHeldInput>;

/** What a message became: numbered, or seen by nobody but its author and the staff from now on. */
export const decided = z.object({ message: sentMessage });
export type DecidedDto = z.infer<typeof decided>;
