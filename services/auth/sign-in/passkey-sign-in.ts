import type { PasskeyAnswer } from "../../../utils/contract/schemas/accounts.ts";
import type { EmptyInput } from "../../../utils/contract/schemas/auth.ts";
import type { PasskeyChallengeDto } from "../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../utils/errors.ts";
import type { OpenCtx } from "../../context.ts";
import { checkPasskey } from "../factors/passkeys/check.ts";
import { createPasskeyChallenge } from "../factors/passkeys/create-challenge.ts";
import { openSession } from "../sessions/open-session.ts";
import type { SignedIn } from "../sessions/present.ts";

/** Returns the options for signing in with a passkey. They are the same for every user: the passkey identifies its user. */
export const beginPasskeySignIn = (ctx: OpenCtx<"db" | "now">, _input: EmptyInput): Promise<PasskeyChallengeDto> =>
  createPasskeyChallenge(ctx, { purpose: "sign_in", userId: null });

/**
 * Signs in with a passkey, which counts as two factors: possession of the device, and the knowledge or biometrics that unlock it.
 * `knownDevice` is the trusted-device cookie.
 * @throws AppError `passkey_refused`, which never contains a reason
 */
export async function signInWithPasskey(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys" | "sessions" | "events" | "presence" | "logger" | "vault">,
  answer: PasskeyAnswer,
  knownDevice: string | undefined,
): Promise<SignedIn> {
  const { userId } = await checkPasskey(ctx, answer, { purpose: "sign_in", userId: null });
  const user = await ctx.db.user.findFirst({ where: { id: userId, erasedAt: null } });
  if (user === null) throw new AppError("passkey_refused");
  return openSession(ctx, user, { knownDevice, provenAt: ctx.now() });
}
