import type { Prisma } from "../../prisma/generated/client.ts";

/**
 * Marks a conversation as changed within a transaction that changed its members: other nodes find it by that. It holds the room's
 * counter, so that members change before or after a message, and not beside it.
 */
export const touch = (tx: Prisma.TransactionClient, roomId: string): Promise<number> =>
  tx.$executeRaw`UPDATE rooms SET changed_at = now() WHERE id = ${roomId}::uuid`;
