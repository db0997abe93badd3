import type { Prisma } from "../../prisma/generated/client.ts";

/**
 * Locks a user's row until the transaction ends, which serializes changes to it.
 * Transactions that lock further rows lock this one first.
 */
export async function lockUser(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
}

/** Selects active users: neither erased nor hidden by a pending deletion. */
export const isActiveUser = { erasedAt: null, deletion: null } as const satisfies Prisma.UserWhereInput;
