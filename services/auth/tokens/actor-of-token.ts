import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import type { Services } from "../../context.ts";
import { type AccessToken, readAccessToken } from "./access-token.ts";
import { isApiToken, readApiToken } from "./api-token.ts";

export type Identified = { readonly actor: Actor; readonly token: AccessToken };

/**
 * Returns the actor of a token's session. A guest's token is invalid once the guest has become a member: its rightful owner has a newer
 * one, or gets one with the refresh cookie.
 */
async function actorOfSession(services: Pick<Services, "sessions">, { sub, sid, kind }: AccessToken): Promise<Actor> {
  const actor = await services.sessions.actorOf(sid);
  if (actor.id !== sub) throw new AppError("unauthenticated");
  if (actor.kind === kind) return actor;
  // The cached actor may be older than the token.
  services.sessions.invalidate(sid);
  const fresh = await services.sessions.actorOf(sid);
  if (fresh.kind !== kind) throw new AppError("token_expired");
  return fresh;
}

/**
 * Reads an access token or an API token.
 * @throws AppError `unauthenticated` or `token_expired`
 */
export const readToken = async (services: Pick<Services, "pool" | "now" | "keys" | "logger">, raw: string): Promise<AccessToken> =>
  isApiToken(raw) ? readApiToken(services, raw) : readAccessToken(services.keys, raw, services.now());

/**
 * Returns the current actor of a token; used by all REST endpoints and the socket.
 * @throws AppError `unauthenticated`, `token_expired` or `session_revoked`
 */
export async function actorOfToken(
  services: Pick<Services, "pool" | "now" | "keys" | "sessions" | "logger">,
  raw: string,
): Promise<Identified> {
  const token = await readToken(services, raw);
  return { actor: await actorOfSession(services, token), token };
}
