import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { randomToken, sha256 } from "../../../utils/crypto.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Services } from "../../context.ts";

export type MailTokenPurpose = "verify_email" | "reset_password";

const lifetimeMs: Record<MailTokenPurpose, number> = { verify_email: limits.emailTokenMs, reset_password: limits.resetTokenMs };

type TokenServices = Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

const hashOf = (token: string) => new Uint8Array(sha256(token));

/** The user and contact of a mailed token. It is valid only while the user has this contact. */
export type MailTokenOwner = { readonly userId: string; readonly contactId: string };

/** Creates a token to be mailed. A user has one token per purpose: this revokes an earlier one. */
export async function issueMailToken(
  { db, now }: TokenServices,
  { purpose, userId, contactId }: MailTokenOwner & { readonly purpose: MailTokenPurpose },
): Promise<string> {
  const token = randomToken();
  const createdAt = now();
  const expiresAt = new Date(createdAt.getTime() + lifetimeMs[purpose]);
  await db.mailToken.deleteMany({ where: { userId, purpose } });
  await db.mailToken.create({ data: { hash: hashOf(token), purpose, userId, contactId, createdAt, expiresAt } });
  return token;
}

/**
 * Consumes a mailed token, which is valid once and until it expires. Call it inside the transaction of its use,
 * `consumeMailToken({ ...ctx, db: tx }, …)`, so that a failure there leaves the token unused.
 * @throws AppError `token_invalid`, also when the user no longer has the contact it was mailed to
 */
export async function consumeMailToken({ db, now }: TokenServices, token: string, purpose: MailTokenPurpose): Promise<MailTokenOwner> {
  const moment = now();
  const [row] = await db.$queryRaw<MailTokenOwner[]>`
    UPDATE mail_tokens t SET used_at = ${moment}
    WHERE hash = ${hashOf(token)} AND purpose = ${purpose}::mail_token_purpose AND used_at IS NULL AND expires_at > ${moment}
      AND EXISTS (SELECT FROM contacts c WHERE c.id = t.contact_id AND c.user_id = t.user_id)
    RETURNING user_id AS "userId", contact_id AS "contactId"`;
  if (row === undefined) throw new AppError("token_invalid");
  return row;
}
