import type { Prisma, User } from "../../prisma/generated/client.ts";
import { AppError } from "../../utils/errors.ts";

/** Selects bots that are not retired. */
export const isBot = { kind: "bot", retiredAt: null, erasedAt: null } as const satisfies Prisma.UserWhereInput;

/** Returns an active bot. @throws AppError `not_found` for other users and retired bots */
export async function botOf(tx: Prisma.TransactionClient, id: string): Promise<User> {
  const bot = await tx.user.findFirst({ where: { id, ...isBot } });
  if (bot === null) throw new AppError("not_found");
  return bot;
}
