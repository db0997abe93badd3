import type { PhoneVerification } from "../../../prisma/generated/client.ts";
import type { ConfirmPhoneCodeInput } from "../../../utils/contract/schemas/accounts.ts";
import { isSameBytes, randomToken } from "../../../utils/crypto.ts";
import { AppError } from "../../../utils/errors.ts";
import type { OpenCtx } from "../../context.ts";
import { attemptWaitMs, clearAttempts, takeAttempt } from "./attempts.ts";
import { hashOfCode } from "./codes.ts";
import { proofHash } from "./proof.ts";

/**
 * Returns a verification whose code can still be tried. A missing or deleted verification counts as expired.
 * @throws AppError `code_used`, `code_expired`
 */
async function openVerification({ db, now }: OpenCtx<"db" | "now">, id: string): Promise<PhoneVerification> {
  const row = await db.phoneVerification.findUnique({ where: { id } });
  if (row === null) throw new AppError("code_expired");
  if (row.confirmedAt !== null) throw new AppError("code_used");
  if (row.replacedAt !== null || row.expiresAt <= now()) throw new AppError("code_expired");
  return row;
}

async function locked(ctx: OpenCtx<"pool" | "now">, { blindIndex }: PhoneVerification): Promise<AppError> {
  return new AppError("code_locked", { retryAfterMs: Math.max(1, await attemptWaitMs(ctx, blindIndex)) });
}

/** Issues the proof. Of several concurrent correct requests only one gets it. */
async function issueProof(ctx: OpenCtx<"db" | "pool" | "now" | "keys">, { id, blindIndex }: PhoneVerification): Promise<string> {
  const proof = randomToken();
  const { count } = await ctx.db.phoneVerification.updateMany({
    where: { id, confirmedAt: null, replacedAt: null },
    data: { confirmedAt: ctx.now(), proofHash: proofHash(ctx, proof) },
  });
  if (count === 0) {
    await openVerification(ctx, id);
    throw new AppError("code_used");
  }
  await clearAttempts(ctx, blindIndex);
  return proof;
}

/**
 * Exchanges a correct code for a proof that is valid once, for 10 minutes. All codes of a number share its attempts: five in 10 minutes,
 * twenty in a day.
 * @throws AppError `code_invalid { attemptsLeft }`, `code_locked { retryAfterMs }` from the 5th wrong code on,
 *   `code_expired`, `code_used`
 */
export async function confirmPhoneCode(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys">,
  input: ConfirmPhoneCodeInput,
): Promise<{ phoneProof: string }> {
  const { verificationId, code } = input;
  const row = await openVerification(ctx, verificationId);
  const attemptsLeft = await takeAttempt(ctx, row.blindIndex);
  if (attemptsLeft === null) throw await locked(ctx, row);
  if (isSameBytes(row.codeHash, hashOfCode(ctx.keys, verificationId, code))) return { phoneProof: await issueProof(ctx, row) };
  if (attemptsLeft === 0) throw await locked(ctx, row);
  throw new AppError("code_invalid", { attemptsLeft });
}
