import { generateRegistrationOptions } from "@simplewebauthn/server";
import { limits } from "../../../../utils/contract/limits.ts";
import type { EmptyInput } from "../../../../utils/contract/schemas/auth.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import type { Ctx } from "../../../context.ts";
import { memberOnly, requireRecentAuth } from "../recent-auth.ts";
import { storeChallenge } from "./challenges.ts";
import { credentialsOf } from "./create-challenge.ts";
import { hostOf, PRODUCT } from "./site.ts";
import { userHandleOf } from "./user-handle.ts";

/**
 * Returns the options to create a passkey that can sign in without a username, requires user verification, and is not on a device
 * that already has one of the user's passkeys.
 * @throws AppError `account_required`, `step_up_required`, `passkey_refused { most }` when the user has the maximum number of passkeys
 */
export async function beginPasskey(ctx: Ctx<"db" | "now">, _input: EmptyInput): Promise<PasskeyChallengeDto> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const { id: userId, username, displayName } = ctx.actor;
  const excludeCredentials = await credentialsOf(ctx, userId);
  if (excludeCredentials.length >= limits.passkeys) throw new AppError("passkey_refused", { most: limits.passkeys });
  const options = await generateRegistrationOptions({
    rpName: PRODUCT,
    rpID: hostOf(ctx),
    userID: userHandleOf(userId),
    userName: username ?? displayName,
    userDisplayName: displayName,
    timeout: limits.passkeyChallengeMs,
    attestationType: "none",
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
    excludeCredentials,
  });
  const challengeId = await storeChallenge(ctx, { purpose: "add_passkey", userId }, options.challenge);
  return { challengeId, options: { ...options } };
}
