import type { Prisma } from "../../../prisma/generated/client.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { auditRow } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { cancelDeletion } from "../../users/cancel-deletion.ts";
import { lockCredential } from "../factors/lock-credential.ts";
import { expiryOf, newRefreshToken, refreshTokenHash } from "../tokens/refresh-token.ts";
import { presentSession, type SignedIn } from "./present.ts";
import { deviceHash, networkHash } from "./session-origin.ts";
import { deviceCookie, deviceOf, trustedBy } from "./trusted-device.ts";

type Person = Parameters<typeof presentSession>[1];

/**
 * `knownDevice` is the device cookie of the request, `provenAt` when the user last authenticated. `passwordChangedAt` belongs to the
 * password they used: if it has been changed since, the authentication is void.
 */
export type Opening = { readonly knownDevice: string | undefined; readonly provenAt: Date; readonly passwordChangedAt?: Date | undefined };

type SessionCtx = Pick<OpenCtx, "keys" | "now" | "origin" | "requestId"> & { readonly db: Prisma.TransactionClient };

/** Creates a session within a transaction, for use cases that create or change its user in the same one. */
export async function startSession(ctx: SessionCtx, user: Person, { knownDevice, provenAt }: Opening): Promise<SignedIn> {
  const now = ctx.now();
  const sessionId = newId();
  const refreshToken = newRefreshToken();
  const device = trustedBy(deviceOf(ctx.keys, knownDevice), user.id);
  const session = { id: sessionId, userAgent: ctx.origin.userAgent, createdAt: now, lastUsedAt: now, expiresAt: expiryOf(user.kind, now) };
  const hashes = { networkHash: networkHash(ctx.keys, ctx.origin), deviceHash: deviceHash(ctx.keys, device) };
  const token = { hash: new Uint8Array(refreshTokenHash(refreshToken)), createdAt: now };
  await ctx.db.session.create({ data: { ...session, ...hashes, userId: user.id, provenAt, tokens: { create: token } } });
  const event = { action: "signed_in", subjectType: "user", subjectId: user.id, data: { sessionId } } as const;
  await ctx.db.auditEntry.create({ data: auditRow({ ...ctx, actor: user }, event) });
  return { session: presentSession(ctx, user, session), refreshToken, knownDevice: deviceCookie(ctx.keys, device) };
}

/** Rejects the sign-in if the password was changed while it was compared. A later change ends the session created here. */
async function checkPasswordUnchanged(tx: Prisma.TransactionClient, userId: string, { passwordChangedAt }: Opening): Promise<void> {
  if (passwordChangedAt === undefined) return;
  const credential = await lockCredential(tx, userId);
  if (credential?.passwordChangedAt.getTime() !== passwordChangedAt.getTime()) throw new AppError("invalid_credentials");
}

/**
 * Signs in an authenticated user: creates a session with its refresh token, the trusted-device cookie, and the `signed_in` entry of the
 * audit log. Cancels a pending deletion of the account.
 * @throws AppError `invalid_credentials` when the password was changed meanwhile, or the account is already being erased
 */
export async function openSession(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys" | "sessions" | "events" | "presence" | "vault">,
  user: Person,
  opening: Opening,
): Promise<SignedIn> {
  const isRestored = await cancelDeletion(ctx, user.id);
  return ctx.db.$transaction(async (tx) => {
    await checkPasswordUnchanged(tx, user.id, opening);
    const person = isRestored ? await tx.user.findUniqueOrThrow({ where: { id: user.id } }) : user;
    return startSession({ ...ctx, db: tx }, person, opening);
  });
}
