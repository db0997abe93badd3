import type { Prisma, User } from "../../prisma/generated/client.ts";
import type { UpgradeInput } from "../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../utils/errors.ts";
import { auditRow } from "../audit/record.ts";
import { presentSession, type SignedIn } from "../auth/sessions/present.ts";
import { trustDevice } from "../auth/sessions/trusted-device.ts";
import {
  memberColumns,
  type NewAccount,
  prepareAccount,
  sendWelcomeMails,
  toAccountError,
  writeAccount,
} from "../auth/sign-in/new-account.ts";
import { expiryOf, newRefreshToken, refreshTokenHash } from "../auth/tokens/refresh-token.ts";
import { authorize } from "../authorize.ts";
import type { Contact } from "../contacts/contacts.ts";
import type { Ctx } from "../context.ts";
import { type Moved, publishReassigned } from "../messages/changes/reassign-author.ts";
import { lockUser } from "../users/lock-user.ts";
import { presentAuthor } from "../users/present.ts";
import { publishUser } from "../users/publish-user.ts";
import { anonymizeMessages } from "./former-guest.ts";
import { mayUpgrade } from "./policy.ts";

type Tx = Prisma.TransactionClient;
type Details = { readonly input: UpgradeInput; readonly account: NewAccount };
type Upgraded = {
  readonly user: User;
  readonly email: Contact | null;
  readonly left: readonly Moved[];
  readonly expiresAt: Date;
  readonly refreshToken: string;
};

/** Locks the guest and their session, so that the second of two concurrent upgrades finds a member. */
async function lockGuest(ctx: Ctx<"now">, tx: Tx): Promise<User> {
  const { id, sessionId } = ctx.actor;
  await lockUser(tx, id);
  await tx.$queryRaw`SELECT FROM sessions WHERE id = ${sessionId}::uuid FOR UPDATE`;
  const user = await tx.user.findUniqueOrThrow({ where: { id } });
  if (user.kind !== "guest") throw new AppError("already_member");
  const session = await tx.session.findFirst({ where: { id: sessionId, endedAt: null, expiresAt: { gt: ctx.now() } } });
  if (session === null || user.erasedAt !== null) throw new AppError("session_revoked");
  return user;
}

/** Turns the session into a member's, with a new refresh token that revokes all earlier ones. */
async function renewSession(ctx: Ctx<"now">, tx: Tx): Promise<Pick<Upgraded, "expiresAt" | "refreshToken">> {
  const { sessionId } = ctx.actor;
  const now = ctx.now();
  const refreshToken = newRefreshToken();
  const expiresAt = expiryOf("member", now);
  await tx.refreshToken.deleteMany({ where: { sessionId } });
  const token = { hash: new Uint8Array(refreshTokenHash(refreshToken)), createdAt: now };
  await tx.session.update({ where: { id: sessionId }, data: { expiresAt, lastUsedAt: now, provenAt: now, tokens: { create: token } } });
  return { expiresAt, refreshToken };
}

async function becomeMember(ctx: Ctx<"now" | "keys" | "vault">, tx: Tx, { input, account }: Details): Promise<Upgraded> {
  const { id, languages, acceptedRulesVersion } = await lockGuest(ctx, tx);
  const chosen = { languages: input.languages ?? languages, acceptedRulesVersion: input.acceptedRulesVersion ?? acceptedRulesVersion };
  const user = await tx.user.update({ where: { id }, data: { ...memberColumns(ctx, id, account), ...chosen } });
  const email = await writeAccount({ ...ctx, db: tx }, id, account);
  const event = { action: "guest_upgraded", subjectType: "user", subjectId: id, data: { sessionId: ctx.actor.sessionId } } as const;
  await tx.auditEntry.create({ data: auditRow(ctx, event) });
  const renewed = await renewSession(ctx, tx);
  const left = input.keepMessages === false ? await anonymizeMessages(tx, id, ctx.now()) : [];
  return { user, email, left, ...renewed };
}

/** Publishes the anonymized messages before the new name, so that they cannot be linked. Clients that miss it sync by the room's head. */
async function publishUpgrade(ctx: Ctx<"pool" | "sessions" | "events" | "presence" | "logger">, { user, left }: Upgraded): Promise<void> {
  try {
    for (const moved of left) await publishReassigned(ctx, moved);
    await publishUser(ctx, presentAuthor(user));
  } catch (error) {
    ctx.logger.warn("could not publish an upgraded guest", { requestId: ctx.requestId, error });
  }
}

/** A guest who was active for weeks may have thousands of messages to anonymize. */
const TIMEOUT_MS = 20_000;

/**
 * Makes the calling guest a member with the same user id in one transaction. The session and its sockets stay.
 * With `keepMessages: false` their messages stay under an anonymous "Former guest".
 * @throws AppError `already_member` or `session_revoked`, and those of `signUp`
 */
export async function upgradeGuest(
  ctx: Ctx<
    "db" | "pool" | "now" | "keys" | "sessions" | "events" | "presence" | "logger" | "rules" | "vault" | "passwords" | "mail" | "siteUrl"
  >,
  input: UpgradeInput,
  knownDevice: string | undefined,
): Promise<SignedIn> {
  authorize(mayUpgrade(ctx.actor));
  const { id, sessionId } = ctx.actor;
  const account = await prepareAccount(ctx, input, id);
  const work = ctx.db.$transaction((tx) => becomeMember(ctx, tx, { input, account }), { timeout: TIMEOUT_MS });
  const upgraded = await work.catch(async (error: unknown) => {
    throw await toAccountError(ctx, error, account);
  });
  ctx.sessions.invalidate(sessionId);
  await publishUpgrade(ctx, upgraded);
  sendWelcomeMails(ctx, account, upgraded.email);
  const { user, expiresAt, refreshToken } = upgraded;
  return {
    session: presentSession(ctx, user, { id: sessionId, expiresAt }),
    refreshToken,
    knownDevice: trustDevice(ctx.keys, knownDevice, id),
  };
}
