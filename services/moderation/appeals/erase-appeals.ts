import type { Prisma } from "../../../prisma/generated/client.ts";

/** Removes an erased user's open appeals, and the texts of the decided ones, within the transaction of the erasure. */
export async function eraseAppeals(tx: Prisma.TransactionClient, userId: string): Promise<void> {
  await tx.appeal.deleteMany({ where: { userId, state: "open" } });
  await tx.appeal.updateMany({ where: { userId }, data: { text: "", answer: null } });
}
