import { verifyAuthenticationResponse } from "@simplewebauthn/server";
import type { z } from "zod";
import type { Passkey } from "../../../../prisma/generated/client.ts";
import type { PasskeyAnswer } from "../../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../../utils/errors.ts";
import { audit } from "../../../audit/record.ts";
import type { OpenCall, OpenCtx } from "../../../context.ts";
import { type Purpose, takeChallenge } from "./challenges.ts";
import { authenticationResponse, isCrossOrigin, readResponse } from "./response.ts";
import { hostOf } from "./site.ts";
import { isHandleOf } from "./user-handle.ts";

type Response = z.infer<typeof authenticationResponse>;

/** The state of a passkey that a verified response contains. */
type State = { readonly counter: number; readonly isSynced: boolean };

function reject(): never {
  throw new AppError("passkey_refused");
}

/** Returns the passkey that responded. For a sign-in it may be any passkey, whose user handle must then identify its user. */
async function answering(ctx: OpenCtx<"db">, { userId }: Purpose, { id, response }: Response): Promise<Passkey> {
  const passkey = await ctx.db.passkey.findUnique({ where: { credentialId: new Uint8Array(Buffer.from(id, "base64url")) } });
  if (passkey === null || (userId !== null && passkey.userId !== userId)) reject();
  const { userHandle } = response;
  const isNamed = userHandle ? isHandleOf(passkey.userId, userHandle) : userId !== null;
  return isNamed ? passkey : reject();
}

/**
 * Verifies signature, challenge, origin, host, and that the user was present and unlocked the passkey (WebAuthn, 7.2). Returns null
 * when any check fails.
 */
async function verify(ctx: OpenCall, passkey: Passkey, attempt: { challenge: string; response: Response }): Promise<State | null> {
  const { userHandle: _read, ...signed } = attempt.response.response;
  try {
    if (isCrossOrigin(signed)) return null;
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: { ...attempt.response, response: signed },
      expectedChallenge: attempt.challenge,
      expectedOrigin: ctx.origin.site,
      expectedRPID: hostOf(ctx),
      // The counter is checked afterwards: it is trusted only with a valid signature.
      credential: { id: attempt.response.id, publicKey: passkey.publicKey, counter: 0 },
      requireUserVerification: true,
    });
    return verified ? { counter: authenticationInfo.newCounter, isSynced: authenticationInfo.credentialBackedUp } : null;
  } catch {
    return null;
  }
}

/**
 * Updates the counter. A counter that does not increase belongs to a copy, or to the original after a copy was used (WebAuthn, 6.1.1).
 * @returns whether it increased
 */
async function advanceCounter(ctx: OpenCtx<"db" | "now">, { id }: Passkey, { counter, isSynced }: State): Promise<boolean> {
  const isValid = { OR: [{ counter: { lt: counter } }, ...(counter === 0 ? [{ counter: 0 }] : [])] };
  const { count } = await ctx.db.passkey.updateMany({ where: { id, ...isValid }, data: { counter, isSynced, lastUsedAt: ctx.now() } });
  return count === 1;
}

/** Returns the error for a known passkey and records it in its owner's security history. */
async function rejectionOf(ctx: OpenCtx<"db" | "logger">, { id, userId }: Passkey, reason: "not_verified" | "copied"): Promise<AppError> {
  const data = { factor: "passkey", reason, passkeyId: id };
  await audit(ctx, { action: "sign_in_failed", subjectType: "user", subjectId: userId, data });
  if (reason === "copied")
    ctx.logger.warn("passkey counter did not increase: the passkey may have been copied", { requestId: ctx.requestId });
  return new AppError("passkey_refused");
}

/**
 * Checks the response to a challenge and consumes the challenge, whether the response is valid or not.
 * @returns the passkey's user
 * @throws AppError `passkey_refused`, which never contains a reason
 */
export async function checkPasskey(
  ctx: OpenCtx<"db" | "now" | "logger">,
  answer: PasskeyAnswer,
  purpose: Purpose,
): Promise<{ userId: string }> {
  const challenge = await takeChallenge(ctx, answer.challengeId, purpose);
  const response = readResponse(authenticationResponse, answer.response);
  const passkey = await answering(ctx, purpose, response);
  const state = await verify(ctx, passkey, { challenge, response });
  if (state === null) throw await rejectionOf(ctx, passkey, "not_verified");
  if (!(await advanceCounter(ctx, passkey, state))) throw await rejectionOf(ctx, passkey, "copied");
  return { userId: passkey.userId };
}
