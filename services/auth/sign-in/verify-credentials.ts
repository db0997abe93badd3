import type { Prisma } from "../../../prisma/generated/client.ts";
import type { SignInInput } from "../../../utils/contract/schemas/accounts.ts";
import { keyedHash } from "../../../utils/crypto.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { audit } from "../../audit/record.ts";
import { findUserByEmail, findUserByPhone } from "../../contacts/contacts.ts";
import type { OpenCtx } from "../../context.ts";
import { isUsername, normaliseUsername } from "../../users/names/username-rules.ts";
import { checkSecondFactor } from "../factors/second-factor.ts";
import { readKnownDevice } from "../sessions/trusted-device.ts";

type Account = Prisma.UserGetPayload<{ include: { credential: true } }>;

/** Returns the filter for a username, e-mail address (contains an at sign) or phone number (starts with a plus). */
async function ownerOf(ctx: OpenCtx<"db" | "vault">, identifier: string): Promise<Prisma.UserWhereUniqueInput> {
  if (identifier.includes("@")) return { id: (await findUserByEmail(ctx, identifier)) ?? newId() };
  if (identifier.startsWith("+")) return { id: (await findUserByPhone(ctx, identifier)) ?? newId() };
  const username = normaliseUsername(identifier);
  return isUsername(username) ? { username } : { id: newId() };
}

/** Returns the account with this identifier, or null. Runs the same queries whether or not the account exists. */
export async function findAccount(ctx: OpenCtx<"db" | "vault">, identifier: string): Promise<Account | null> {
  const account = await ctx.db.user.findUnique({ where: await ownerOf(ctx, identifier), include: { credential: true } });
  return account?.erasedAt === null ? account : null;
}

/** Returns the key of the account's rate limit, also for an account that does not exist. */
export const accountRateLimitKey = ({ keys }: Pick<OpenCtx, "keys">, account: Account | null, identifier: string): string =>
  account?.id ?? keyedHash(keys.address, `identifier ${identifier.toLowerCase()}`);

export type Claim = SignInInput & { readonly knownDevice: string | undefined };

/**
 * Consumes the rate limits of a sign-in. A device that the account trusts has a limit of its own, so that strangers cannot exhaust the
 * owner's. All others consume the limit of their address and then that of the account.
 */
async function consumeLimits(ctx: OpenCtx<"keys" | "limits">, account: Account | null, { identifier, knownDevice }: Claim): Promise<void> {
  const device = readKnownDevice(ctx.keys, knownDevice);
  if (account !== null && device?.userIds.includes(account.id)) {
    await ctx.limits.consume("signInsOfDevice", `${device.deviceId}:${account.id}`);
    return;
  }
  await ctx.limits.consume("signInsOfAddress", ctx.origin.address);
  await ctx.limits.consume("signInsOfAccount", accountRateLimitKey(ctx, account, identifier));
}

/** Returns the error of a failed attempt after recording it. Unknown accounts are recorded too, so that the response time is equal. */
async function reject(ctx: OpenCtx<"db">, account: Account | null, factor: "password" | "second_factor"): Promise<AppError> {
  const known = account?.credential == null ? null : account.id;
  await audit({ ...ctx, actor: null }, { action: "sign_in_failed", subjectType: "user", subjectId: known, data: { factor } });
  return new AppError("invalid_credentials");
}

/** Rehashes a password of an outdated cost while it is known. If the queue is full, the next sign-in does it. */
async function renewHash(
  ctx: OpenCtx<"db" | "passwords">,
  { userId, passwordHash }: NonNullable<Account["credential"]>,
  password: string,
): Promise<void> {
  if (!ctx.passwords.isOutdated(passwordHash)) return;
  const renewed = await ctx.passwords.hash(password).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "unavailable") return null;
    throw error;
  });
  if (renewed === null) return;
  // Do not overwrite a password that was changed meanwhile.
  await ctx.db.credential.updateMany({ where: { userId, passwordHash }, data: { passwordHash: renewed } });
}

async function checkFactor(
  ctx: OpenCtx<"db" | "now" | "limits" | "logger" | "vault">,
  account: Account,
  { totpCode, passkey }: Claim,
): Promise<void> {
  try {
    await checkSecondFactor(ctx, account.id, { totpCode, passkey });
  } catch (error) {
    if (error instanceof AppError && error.code === "invalid_credentials") throw await reject(ctx, account, "second_factor");
    throw error;
  }
}

/**
 * Checks the password, and the second factor if the account has one. @returns the account
 * @throws AppError `invalid_credentials` for any wrong or unknown credential, `totp_required { methods, passkey? }`, `passkey_refused`,
 *   `rate_limited { retryAfterMs }`
 */
export async function verifyCredentials(
  ctx: OpenCtx<"db" | "now" | "keys" | "limits" | "logger" | "vault" | "passwords">,
  claim: Claim,
): Promise<Account> {
  ctx.passwords.checkRoom();
  const account = await findAccount(ctx, claim.identifier);
  await consumeLimits(ctx, account, claim);
  const credential = account?.credential ?? null;
  const isRight = await ctx.passwords.matches(claim.password, credential?.passwordHash ?? null);
  if (!isRight || account === null || credential === null) throw await reject(ctx, account, "password");
  await checkFactor(ctx, account, claim);
  await renewHash(ctx, credential, claim.password);
  return account;
}
