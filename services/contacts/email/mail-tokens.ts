import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import { randomToken, sha256 } from "../../../utils/crypto.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Services } from "../../context.ts";

export type MailTokenPurpose = "verify_email" | "reset_password";

const lifeMs: Record<MailTokenPurpose, number> = { verify_email: limits.emailTokenMs, reset_password: limits.resetTokenMs };

type TokenServices = Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

const hashOf = (token: string) => new Uint8Array(sha256(token));

/** What a token was mailed for: it is good while that person has that very contact. */
export type MailTokenOwner = { readonly userId: string; readonly contactId: string };

/** A token to be mailed. One person has one of a purpose: an earlier one is void from now on. */
export async function issueMailToken(
  { db, now }: TokenServices,
  { purpose, userId, contactId }: MailTokenOwner & { readonly purpose: MailTokenPurpose },
): Promise<string> {
  const [token, createdAt] = [randomToken(), now()];
  const expiresAt = new Date(createdAt.getTime() + lifeMs[purpose]);
  await db.mailToken.deleteMany({ where: { userId, purpose } });
  await db.mailToken.create({ data: { hash: hashOf(token), purpose, userId, contactId, createdAt, expiresAt } });
  return token;
}

/**
 * Takes a token that was mailed. Good once and for its time. To be called inside the transaction of what it is for,
 * `spendMailToken({ ...ctx, db: tx }, …)`, so that a failure there leaves the token unspent.
 * @throws AppError `token_invalid`, also when the contact it was mailed to is the person's no more
 */
export async function spendMailToken({ db, now }: TokenServices, token: string, purpose: MailTokenPurpose): Promise<MailTokenOwner> {
  const moment = now();
  const [row] = await db.$queryRaw<MailTokenOwner[]>`
    UPDATE mail_tokens t SET used_at = ${moment}
    WHERE hash = ${hashOf(token)} AND purpose = ${purpose}::mail_token_purpose AND used_at IS NULL AND expires_at > ${moment}
      AND EXISTS (SELECT FROM contacts c WHERE c.id = t.contact_id AND c.user_id = t.user_id)
    RETURNING user_id AS "userId", contact_id AS "contactId"`;
  if (row === undefined) throw new AppError("token_invalid");
  return row;
}
