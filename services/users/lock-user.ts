import type { Prisma } from "../../prisma/generated/client.ts";

/**
 * Holds a person's row until the transaction ends, so that of two changes to it the second sees what the first did.
 * Whoever needs other rows too takes this one first.
 */
export async function lockUser(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  await tx.$queryRaw`SELECT FROM users WHERE id = ${userId}::uuid FOR NO KEY UPDATE`;
}

/** Whether a person is there: neither erased nor hidden while their account waits to be. */
export const isActiveUser = { erasedAt: null, deletion: null } as const satisfies Prisma.UserWhereInput;
