import { AppError } from "../../utils/errors.ts";
import type { Actor, Services } from "../context.ts";
import { type AccessToken, readAccessToken } from "./access-token.ts";

export type Identified = { readonly actor: Actor; readonly token: AccessToken };

/**
 * Who an access token speaks for, as the database has them now; the same for every door.
 * @throws AppError `unauthenticated`, `token_expired` or `session_revoked`
 */
export async function actorOfToken(services: Services, raw: string): Promise<Identified> {
  const token = readAccessToken(services.keys, raw, services.now());
  const actor = await services.sessions.actorOf(token.sid);
  if (actor.id !== token.sub) throw new AppError("unauthenticated");
  return { actor, token };
}
