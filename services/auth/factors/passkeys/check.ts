import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import type { z } from "zod";
import type { Passkey } from "../../../../prisma/generated/client.ts";
import type { PasskeyAnswer } from "../../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../../utils/errors.ts";
import { audit } from "../../../audit/record.ts";
import type { OpenCtx } from "../../../context.ts";
import { type Purpose, takeChallenge } from "./challenges.ts";
import { authenticationResponse, isCrossOrigin, readResponse } from "./response.ts";
import { hostOf } from "./site.ts";
import { isHandleOf } from "./user-handle.ts";

type Response = z.infer<typeof authenticationResponse>;

/** What a verified answer tells about its passkey. */
type State = { readonly counter: number; readonly isSynced: boolean };

function reject(): never {
  throw new AppError("passkey_refused");
}

/** The passkey that answered; for a sign-in anybody's, who must then name themselves by the handle of the passkey. */
async function answering(ctx: OpenCtx, { userId }: Purpose, { id, response }: Response): Promise<Passkey> {
  const passkey = await ctx.db.passkey.findUnique({ where: { credentialId: new Uint8Array(Buffer.from(id, "base64url")) } });
  if (passkey === null || (userId !== null && passkey.userId !== userId)) reject();
  const { userHandle } = response;
  const isNamed = userHandle ? isHandleOf(passkey.userId, userHandle) : userId !== null;
  return isNamed ? passkey : reject();
}

/** Signature, challenge, origin, host, and that its owner was there and unlocked it (WebAuthn, 7.2). Null when one of them is wrong. */
async function verify(ctx: OpenCtx, passkey: Passkey, asked: { challenge: string; response: Response }): Promise<State | null> {
  const { userHandle: _read, ...signed } = asked.response.response;
  try {
    if (isCrossOrigin(signed)) return null;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...asked.response, response: signed },
      expectedChallenge: asked.challenge,
      expectedOrigin: ctx.origin.site,
      expectedRPID: hostOf(ctx),
      // The counter is looked at afterwards: what it tells counts only with a good signature.
      credential: { id: asked.response.id, publicKey: passkey.publicKey, counter: 0 },
      requireUserVerification: true,
    });
    return verified ? { counter: authenticationInfo.newCounter, isSynced: authenticationInfo.credentialBackedUp } : null;
  } catch {
    return null;
  }
}

/** A counter that does not go on is that of a copy, or of the original after a copy was used (WebAuthn, 6.1.1). @returns whether it does */
async function moveOn(ctx: OpenCtx, { id }: Passkey, { counter, isSynced }: State): Promise<boolean> {
  const goesOn = { OR: [{ counter: { lt: counter } }, ...(counter === 0 ? [{ counter: 0 }] : [])] };
  const { count } = await ctx.db.passkey.updateMany({ where: { id, ...goesOn }, data: { counter, isSynced, lastUsedAt: ctx.now() } });
  return count === 1;
}

/** The refusal of a passkey that is known: its owner finds it in their history. */
async function rejectionOf(ctx: OpenCtx, { id, userId }: Passkey, reason: "not_verified" | "copied"): Promise<AppError> {
  const data = { factor: "passkey", reason, passkeyId: id };
  await audit(ctx, { action: "sign_in_failed", subjectType: "user", subjectId: userId, data });
  if (reason === "copied") ctx.logger.warn("the counter of a passkey went back: there may be a copy of it", { requestId: ctx.requestId });
  return new AppError("passkey_refused");
}

/**
 * Checks the answer to a challenge and uses the challenge up, whether the answer is right or wrong.
 * @returns whose passkey it was
 * @throws AppError `passkey_refused`, which never says why
 */
export async function checkPasskey(ctx: OpenCtx, answer: PasskeyAnswer, purpose: Purpose): Promise<{ userId: string }> {
  const challenge = await takeChallenge(ctx, answer.challengeId, purpose);
  const response = readResponse(authenticationResponse, answer.response);
  const passkey = await answering(ctx, purpose, response);
  const state = await verify(ctx, passkey, { challenge, response });
  if (state === null) throw await rejectionOf(ctx, passkey, "not_verified");
  if (!(await moveOn(ctx, passkey, state))) throw await rejectionOf(ctx, passkey, "copied");
  return { userId: passkey.userId };
}
