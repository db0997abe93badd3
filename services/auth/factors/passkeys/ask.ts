import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { limits } from "../../../../utils/contract/limits.ts";
import type { PasskeyChallengeDto } from "../../../../utils/contract/schemas/factors.ts";
import type { OpenCtx } from "../../../context.ts";
import { keepChallenge, type Purpose } from "./challenges.ts";
import { hostOf } from "./site.ts";

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url");

/** The passkeys of somebody as a browser is told of them. */
export async function credentialsOf({ db }: Pick<OpenCtx, "db">, userId: string): Promise<{ id: string; transports: string[] }[]> {
  const rows = await db.passkey.findMany({ where: { userId }, select: { credentialId: true, transports: true } });
  return rows.map(({ credentialId, transports }) => ({ id: textOf(credentialId), transports }));
}

/** Puts a question to the browser that only a passkey answers: one of the person's, or, for a sign-in, anybody's. */
export async function askForPasskey(ctx: OpenCtx, purpose: Purpose): Promise<PasskeyChallengeDto> {
  const options = await generateAuthenticationOptions({
    rpID: hostOf(ctx),
    timeout: limits.passkeyChallengeMs,
    userVerification: "required",
    ...(purpose.userId !== null && { allowCredentials: await credentialsOf(ctx, purpose.userId) }),
  });
  return { challengeId: await keepChallenge(ctx, purpose, options.challenge), options: { ...options } };
}
