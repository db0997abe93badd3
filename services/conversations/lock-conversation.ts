import type { Prisma, PrismaClient } from "../../prisma/generated/client.ts";

/**
 * Locks a conversation's row until the end of the transaction. Every change of members or blocks takes this lock first and member rows
 * after it, as the message writer does: members change before or after a message is numbered, never beside it, and no two
 * transactions wait for each other.
 */
export const lockConversation = (tx: Prisma.TransactionClient, roomId: string) =>
  tx.$queryRaw`SELECT FROM rooms WHERE id = ${roomId}::uuid FOR NO KEY UPDATE`;

/** Locks several conversations, in id order as the message writer does. */
export const lockConversations = (tx: Prisma.TransactionClient, roomIds: readonly string[]) =>
  tx.$queryRaw`SELECT id FROM rooms WHERE id = ANY(${[...roomIds]}::uuid[]) ORDER BY id FOR NO KEY UPDATE`;

/** Marks a conversation as changed: other nodes find it by that, and notify its members. */
export const markChanged = (tx: Prisma.TransactionClient, roomId: string): Promise<number> =>
  tx.$executeRaw`UPDATE rooms SET changed_at = now() WHERE id = ${roomId}::uuid`;

/** Runs `work` in a transaction that holds the conversation's lock: what it reads is as of now, and stays so until the commit. */
export const changeConversation = <Result>(
  db: PrismaClient,
  roomId: string,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> =>
  db.$transaction(async (tx) => {
    await lockConversation(tx, roomId);
    return work(tx);
  });
