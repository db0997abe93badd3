import type { Credential } from "../../../prisma/generated/client.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Ctx } from "../../context.ts";

/**
 * Returns the caller's credential after checking their password.
 * @throws AppError `invalid_credentials` when it is wrong or they have none, `unavailable` when the queue is full
 */
export async function verifyPassword(ctx: Ctx<"db" | "passwords">, password: string): Promise<Credential> {
  const credential = await ctx.db.credential.findUnique({ where: { userId: ctx.actor.id } });
  const isCorrect = await ctx.passwords.matches(password, credential?.passwordHash ?? null);
  if (!isCorrect || credential === null) throw new AppError("invalid_credentials");
  return credential;
}
