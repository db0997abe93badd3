import type { Prisma, PrismaClient } from "../../prisma/generated/client.ts";
import { lockRoom } from "../rooms/lock-room.ts";

/** Marks a conversation as changed: other nodes detect the change by it, and notify its members. */
export const markChanged = (tx: Prisma.TransactionClient, roomId: string): Promise<number> =>
  tx.$executeRaw`UPDATE rooms SET changed_at = now() WHERE id = ${roomId}::uuid`;

/** Runs `work` in a transaction that has locked the conversation: what it reads is current, and stays so until the commit. */
export const changeConversation = <Result>(
  db: PrismaClient,
  roomId: string,
  work: (tx: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> =>
  db.$transaction(async (tx) => {
    await lockRoom(tx, roomId);
    return work(tx);
  });
