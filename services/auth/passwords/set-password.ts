import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Services } from "../../context.ts";

type Tx = Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

/**
 * Puts a password in force, within a transaction. Links to set one that are still in the mail open nothing any more; two-factor
 * sign-in stays as it was.
 */
export async function setPassword({ db, now }: Tx, userId: string, passwordHash: string): Promise<void> {
  const password = { passwordHash, passwordChangedAt: now() };
  await db.credential.upsert({ where: { userId }, create: { userId, ...password }, update: password });
  await db.mailToken.deleteMany({ where: { userId, purpose: "reset_password", usedAt: null } });
}
