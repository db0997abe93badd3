import type { Prisma } from "../../../prisma/generated/client.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { auditRow } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { cancelDeletion } from "../../users/cancel-deletion.ts";
import { lockCredential } from "../factors/lock-credential.ts";
import { expiryOf, newRefreshToken, refreshTokenHash } from "../tokens/refresh-token.ts";
import { presentSession, type SignedIn } from "./present.ts";
import { trustDevice } from "./trusted-device.ts";

type Person = Parameters<typeof presentSession>[1];

/**
 * `knownDevice` is the cookie the call came with, `provenAt` when its user last proved to be themselves. `passwordChangedAt` is of
 * the password they proved it with: when it was changed meanwhile, the proof is void.
 */
export type Opening = { readonly knownDevice: string | undefined; readonly provenAt: Date; readonly passwordChangedAt?: Date | undefined };

type SessionCtx = Pick<OpenCtx, "keys" | "now" | "origin" | "requestId"> & { readonly db: Prisma.TransactionClient };

/** Opens a session within a transaction, for use cases that make or change its user in the same one. */
export async function startSession(ctx: SessionCtx, user: Person, { knownDevice, provenAt }: Opening): Promise<SignedIn> {
  const [now, sessionId, refreshToken] = [ctx.now(), newId(), newRefreshToken()];
  const session = { id: sessionId, userAgent: ctx.origin.userAgent, createdAt: now, lastUsedAt: now, expiresAt: expiryOf(user.kind, now) };
  const token = { hash: new Uint8Array(refreshTokenHash(refreshToken)), createdAt: now };
  await ctx.db.session.create({ data: { ...session, userId: user.id, provenAt, tokens: { create: token } } });
  const fact = { action: "signed_in", subjectType: "user", subjectId: user.id, data: { sessionId } } as const;
  await ctx.db.auditEntry.create({ data: auditRow({ ...ctx, actor: user }, fact) });
  return { session: presentSession(ctx, user, session), refreshToken, knownDevice: trustDevice(ctx.keys, knownDevice, user.id) };
}

/** Comparing a password takes a while. One that was changed in that time opens nothing, and who changes it ends what it opened. */
async function checkPasswordStands(tx: Prisma.TransactionClient, userId: string, { passwordChangedAt }: Opening): Promise<void> {
  if (passwordChangedAt === undefined) return;
  const credential = await lockCredential(tx, userId);
  if (credential?.passwordChangedAt.getTime() !== passwordChangedAt.getTime()) throw new AppError("invalid_credentials");
}

/**
 * Signs somebody in who proved to be themselves: a session with its refresh token, the cookie by which the account knows the
 * device, and the `signed_in` entry of the audit log. Who comes back takes the deletion of their account back.
 * @throws AppError `invalid_credentials` when the password was changed meanwhile, or the account is already being erased
 */
export async function openSession(ctx: OpenCtx, user: Person, opening: Opening): Promise<SignedIn> {
  const isBack = await cancelDeletion(ctx, user.id);
  return ctx.db.$transaction(async (tx) => {
    await checkPasswordStands(tx, user.id, opening);
    const person = isBack ? await tx.user.findUniqueOrThrow({ where: { id: user.id } }) : user;
    return startSession({ ...ctx, db: tx }, person, opening);
  });
}
