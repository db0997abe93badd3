import type { Credential, Prisma } from "../../../prisma/generated/client.ts";

/**
 * What somebody proves themselves with, locked until the transaction ends: changes of one person's factors follow each other.
 * Null for whoever has no password, as guests and bots.
 */
export async function lockCredential(tx: Prisma.TransactionClient, userId: string): Promise<Credential | null> {
  await tx.$queryRaw`SELECT FROM credentials WHERE user_id = ${userId}::uuid FOR NO KEY UPDATE`;
  return tx.credential.findUnique({ where: { userId } });
}
