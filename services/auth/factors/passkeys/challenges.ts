import type { Prisma } from "../../../../prisma/generated/client.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import { AppError } from "../../../../utils/errors.ts";
import { newId } from "../../../../utils/ids.ts";
import type { Services } from "../../../context.ts";

/** The purpose and user of a challenge. A sign-in has no user yet. */
export type Purpose =
  | { readonly purpose: "add_passkey" | "second_factor" | "step_up"; readonly userId: string }
  | { readonly purpose: "sign_in"; readonly userId: null };

type ChallengeServices = Pick<Services, "now"> & { readonly db: Prisma.TransactionClient };

/** Stores a challenge that is sent to a browser. @returns its id */
export async function storeChallenge(ctx: ChallengeServices, { purpose, userId }: Purpose, challenge: string): Promise<string> {
  const expiresAt = new Date(ctx.now().getTime() + limits.passkeyChallengeMs);
  const { id } = await ctx.db.passkeyChallenge.create({ data: { id: newId(), purpose, userId, challenge, expiresAt } });
  return id;
}

/**
 * Consumes a challenge, which is valid for one response. Only one of several concurrent responses succeeds.
 * @throws AppError `passkey_refused` when it does not exist, has expired, or is for another purpose or user
 */
export async function takeChallenge(ctx: ChallengeServices, challengeId: string, { purpose, userId }: Purpose): Promise<string> {
  const found = await ctx.db.passkeyChallenge.findFirst({ where: { id: challengeId, purpose, userId } });
  const { count } = await ctx.db.passkeyChallenge.deleteMany({ where: { id: challengeId, purpose, userId } });
  if (found === null || count === 0 || found.expiresAt <= ctx.now()) throw new AppError("passkey_refused");
  return found.challenge;
}
