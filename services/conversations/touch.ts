import type { Prisma } from "../../prisma/generated/client.ts";

/** Holds a conversation's counter within a transaction, so that members change before or after a message, and not beside it. */
export const hold = (tx: Prisma.TransactionClient, roomId: string) =>
  tx.$queryRaw`SELECT FROM rooms WHERE id = ${roomId}::uuid FOR NO KEY UPDATE`;

/** Holds it, and marks it as changed: other nodes find it by that, and tell its members. */
export const touch = (tx: Prisma.TransactionClient, roomId: string): Promise<number> =>
  tx.$executeRaw`UPDATE rooms SET changed_at = now() WHERE id = ${roomId}::uuid`;
