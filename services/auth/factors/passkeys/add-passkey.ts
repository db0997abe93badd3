import { verifyRegistrationResponse } from "@simplewebauthn/server";
import type { Passkey, Prisma } from "../../../../prisma/generated/client.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { AddPasskeyInput, PasskeyDto } from "../../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../../utils/errors.ts";
import { newId } from "../../../../utils/ids.ts";
import { deviceName } from "../../../audit/device-name.ts";
import { audit } from "../../../audit/record.ts";
import type { Call, Ctx } from "../../../context.ts";
import { isUniqueViolation } from "../../../unique-violation.ts";
import { lockCredential } from "../lock-credential.ts";
import { notifySignInChanged } from "../notify-sign-in-changed.ts";
import { memberOnly, requireRecentAuth } from "../recent-auth.ts";
import { takeChallenge } from "./challenges.ts";
import { presentPasskey } from "./present.ts";
import { isCrossOrigin, readResponse, registrationResponse } from "./response.ts";
import { hostOf } from "./site.ts";

type NewPasskey = Pick<Prisma.PasskeyUncheckedCreateInput, "credentialId" | "publicKey" | "counter" | "transports" | "isSynced">;

/** Verifies challenge, origin, host, and that the user was present and unlocked the device (WebAuthn, 7.1). */
async function verify(ctx: Call, expectedChallenge: string, given: unknown): Promise<NewPasskey> {
  const response = readResponse(registrationResponse, given);
  const { transports } = response.response;
  try {
    if (isCrossOrigin(response.response)) throw new AppError("passkey_refused");
    const expected = { expectedChallenge, expectedOrigin: ctx.origin.site, expectedRPID: hostOf(ctx), requireUserVerification: true };
    const { registrationInfo } = await verifyRegistrationResponse({ response, ...expected });
    if (registrationInfo === undefined) throw new AppError("passkey_refused");
    const { credential, credentialBackedUp: isSynced } = registrationInfo;
    const credentialId = new Uint8Array(Buffer.from(credential.id, "base64url"));
    return { credentialId, publicKey: new Uint8Array(credential.publicKey), counter: credential.counter, transports, isSynced };
  } catch (cause) {
    throw new AppError("passkey_refused", {}, { cause });
  }
}

/** Rejects a passkey that already exists, without revealing its owner. */
async function unlessTaken(made: Promise<Passkey>): Promise<Passkey> {
  try {
    return await made;
  } catch (error) {
    throw isUniqueViolation(error) ? new AppError("passkey_refused") : error;
  }
}

/** Saves the passkey unless the user has reached the maximum number of passkeys. */
async function keep(ctx: Ctx<"db" | "now">, made: NewPasskey, name: string): Promise<Passkey> {
  const { id: userId, sessionId } = ctx.actor;
  return ctx.db.$transaction(async (tx) => {
    await lockCredential(tx, userId);
    const count = await tx.passkey.count({ where: { userId } });
    if (count >= limits.passkeys) throw new AppError("passkey_refused", { most: limits.passkeys });
    const passkey = await unlessTaken(tx.passkey.create({ data: { id: newId(), userId, ...made, name, createdAt: ctx.now() } }));
    const data = { sessionId, passkeyId: passkey.id };
    await audit({ ...ctx, db: tx }, { action: "passkey_added", subjectType: "user", subjectId: userId, data });
    return passkey;
  });
}

/**
 * Adds the passkey that a browser created. Its default name is that of the browser.
 * @throws AppError `account_required`, `step_up_required`, `passkey_refused` (`{ most }` when the maximum is reached)
 */
export async function addPasskey(
  ctx: Ctx<"db" | "now" | "logger" | "vault" | "mail" | "siteUrl">,
  { challengeId, response, name }: AddPasskeyInput,
): Promise<PasskeyDto> {
  memberOnly(ctx);
  await requireRecentAuth(ctx);
  const challenge = await takeChallenge(ctx, challengeId, { purpose: "add_passkey", userId: ctx.actor.id });
  const passkey = await keep(ctx, await verify(ctx, challenge, response), name ?? deviceName(ctx.origin.userAgent) ?? "Passkey");
  await notifySignInChanged(ctx);
  return presentPasskey(passkey);
}
