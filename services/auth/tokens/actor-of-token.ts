import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import type { Services } from "../../context.ts";
import { type AccessToken, readAccessToken } from "./access-token.ts";
import { isApiToken, readApiToken } from "./api-token.ts";

export type Identified = { readonly actor: Actor; readonly token: AccessToken };

/**
 * The actor of a token's session. A token that was given to a guest speaks for nobody once the guest is a member: who holds it by
 * right has a newer one, or gets one by the refresh cookie.
 */
async function actorBehind(services: Services, { sub, sid, kind }: AccessToken): Promise<Actor> {
  const actor = await services.sessions.actorOf(sid);
  if (actor.id !== sub) throw new AppError("unauthenticated");
  if (actor.kind === kind) return actor;
  // What is remembered here may be older than the token.
  services.sessions.invalidate(sid);
  const fresh = await services.sessions.actorOf(sid);
  if (fresh.kind !== kind) throw new AppError("token_expired");
  return fresh;
}

/**
 * What a token says, be it an access token or an API token.
 * @throws AppError `unauthenticated` or `token_expired`
 */
export const readToken = async (services: Services, raw: string): Promise<AccessToken> =>
  isApiToken(raw) ? readApiToken(services, raw) : readAccessToken(services.keys, raw, services.now());

/**
 * Who a token speaks for, as the database has them now; the same for every door.
 * @throws AppError `unauthenticated`, `token_expired` or `session_revoked`
 */
export async function actorOfToken(services: Services, raw: string): Promise<Identified> {
  const token = await readToken(services, raw);
  return { actor: await actorBehind(services, token), token };
}
