import type { Prisma, User } from "../../prisma/generated/client.ts";
import { AppError } from "../../utils/errors.ts";

/** A bot that was not retired. */
export const isBot = { kind: "bot", retiredAt: null, erasedAt: null } as const satisfies Prisma.UserWhereInput;

/** @throws AppError `not_found` for anybody who is no bot, or is one no more */
export async function botOf(tx: Prisma.TransactionClient, id: string): Promise<User> {
  const bot = await tx.user.findFirst({ where: { id, ...isBot } });
  if (bot === null) throw new AppError("not_found");
  return bot;
}
