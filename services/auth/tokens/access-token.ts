import jwt from "jsonwebtoken";
import { z } from "zod";
import { limits } from "../../../utils/contract/limits.ts";
import { id } from "../../../utils/contract/schemas/primitives.ts";
import { userKinds } from "../../../utils/contract/schemas/users.ts";
import { AppError } from "../../../utils/errors.ts";
import type { TokenKeys } from "./keys.ts";

const ISSUER = "chatroom";
const AUDIENCE = "chatroom-api";
const ALGORITHM = "HS256" as const;

/** The maximum length of a token that this server issues; longer ones are not decoded. */
const MAX_LENGTH = 2_048;

const claims = z.object({
  iss: z.literal(ISSUER),
  aud: z.literal(AUDIENCE),
  sub: id,
  sid: id,
  kind: z.enum(userKinds),
  iat: z.number().int(),
  nbf: z.number().int(),
  exp: z.number().int(),
});

/** The user and session that a token belongs to. */
export type TokenSubject = { readonly sub: string; readonly sid: string; readonly kind: (typeof userKinds)[number] };
export type AccessToken = TokenSubject & { readonly expiresAt: Date };

const seconds = (moment: Date): number => Math.floor(moment.getTime() / 1_000);

/** Signs an access token (JWT, RFC 7519) that is valid for `limits.accessTokenMs` from now. */
export function issueAccessToken(keys: TokenKeys, { sub, sid, kind }: TokenSubject, now: Date): string {
  const iat = seconds(now);
  const payload = { iss: ISSUER, aud: AUDIENCE, sub, sid, kind, iat, nbf: iat, exp: iat + limits.accessTokenMs / 1_000 };
  return jwt.sign(payload, keys.signing.key, { algorithm: ALGORITHM, keyid: keys.signing.id });
}

function keyOf(keys: TokenKeys, token: string) {
  const kid = token.length > MAX_LENGTH ? undefined : jwt.decode(token, { complete: true })?.header.kid;
  const key = typeof kid === "string" ? keys.verifying.get(kid) : undefined;
  if (key === undefined) throw new AppError("unauthenticated");
  return key;
}

function verify(keys: TokenKeys, token: string, now: Date): unknown {
  try {
    const options = { algorithms: [ALGORITHM], issuer: ISSUER, audience: AUDIENCE, clockTimestamp: seconds(now) };
    return jwt.verify(token, keyOf(keys, token), options);
  } catch (error) {
    // The signature is checked before the times, so only tokens that this server signed are reported as expired.
    throw new AppError(error instanceof jwt.TokenExpiredError ? "token_expired" : "unauthenticated", {}, { cause: error });
  }
}

/**
 * Verifies an access token of this server.
 * @throws AppError `token_expired` for a valid but expired one, `unauthenticated` for every other fault
 */
export function readAccessToken(keys: TokenKeys, token: string, now: Date): AccessToken {
  const read = claims.safeParse(verify(keys, token, now));
  if (!read.success) throw new AppError("unauthenticated");
  const { sub, sid, kind, exp } = read.data;
  return { sub, sid, kind, expiresAt: new Date(exp * 1_000) };
}
