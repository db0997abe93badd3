import type { Prisma } from "../../../prisma/generated/client.ts";
import type { Services } from "../../context.ts";

type Tx = Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

/**
 * Sets a password within a transaction and revokes mailed links to reset it. Two-factor sign-in stays unchanged.
 */
export async function setPassword({ db, now }: Tx, userId: string, passwordHash: string): Promise<void> {
  const password = { passwordHash, passwordChangedAt: now() };
  await db.credential.upsert({ where: { userId }, create: { userId, ...password }, update: password });
  await db.mailToken.deleteMany({ where: { userId, purpose: "reset_password", usedAt: null } });
}
