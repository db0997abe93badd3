import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { limits } from "../../../../utils/contract/limits.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import type { OpenCtx } from "../../../context.ts";
import { type Purpose, storeChallenge } from "./challenges.ts";
import { hostOf } from "./site.ts";

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** Returns a user's passkeys in the form that browsers expect. */
export async function credentialsOf({ db }: Pick<OpenCtx, "db">, userId: string): Promise<{ id: string; transports: string[] }[]> {
  const rows = await db.passkey.findMany({ where: { userId }, select: { credentialId: true, transports: true } });
  return rows.map(({ credentialId, transports }) => ({ id: textOf(credentialId), transports }));
}

/** Creates an authentication challenge for the user's passkeys, or for any passkey when signing in. */
export async function createPasskeyChallenge(ctx: OpenCtx<"db" | "now">, purpose: Purpose): Promise<PasskeyChallengeDto> {
  const options = await generateAuthenticationOptions({
    rpID: hostOf(ctx),
    timeout: limits.passkeyChallengeMs,
    userVerification: "required",
    ...(purpose.userId !== null && { allowCredentials: await credentialsOf(ctx, purpose.userId) }),
  });
  return { challengeId: await storeChallenge(ctx, purpose, options.challenge), options: { ...options } };
}
