import type { Credential, Prisma } from "../../../prisma/generated/client.ts";

/**
 * Returns a user's credential and locks it until the transaction ends, so that changes of one user's factors are serialized.
 * Returns null for users without a password, such as guests and bots.
 */
export async function lockCredential(tx: Prisma.TransactionClient, userId: string): Promise<Credential | null> {
  await tx.$queryRaw`SELECT FROM credentials WHERE user_id = ${userId}::uuid FOR NO KEY UPDATE`;
  return tx.credential.findUnique({ where: { userId } });
}
