import type { ConfirmPhoneCodeInput } from "../../utils/contract/accounts.ts";
import { randomToken } from "../../utils/crypto.ts";
import { AppError } from "../../utils/errors.ts";
import type { OpenCtx } from "../context.ts";
import { hashOfCode, isSameHash } from "./phone-codes.ts";
import { proofHash } from "./phone-proof.ts";

type Tried = { codeHash: Uint8Array; triesLeft: number; expiresAt: Date };

/** Takes one of the tries before anything is compared: however many come at once, five are compared. Null when none may be. */
async function takeTry({ db, now }: OpenCtx, id: string): Promise<Tried | null> {
  const [row] = await db.$queryRaw<Tried[]>`
    UPDATE phone_verifications SET tries_left = tries_left - 1
    WHERE id = ${id}::uuid AND tries_left > 0 AND confirmed_at IS NULL AND replaced_at IS NULL AND expires_at > ${now()}
    RETURNING code_hash AS "codeHash", tries_left AS "triesLeft", expires_at AS "expiresAt"`;
  return row ?? null;
}

const locked = ({ now }: OpenCtx, expiresAt: Date): AppError =>
  new AppError("code_locked", { retryAfterMs: Math.max(1, expiresAt.getTime() - now().getTime()) });

/** Why a code cannot be tried. A verification that never was, or is forgotten, is as good as expired. */
async function refusalOf(ctx: OpenCtx, id: string): Promise<AppError> {
  const row = await ctx.db.phoneVerification.findUnique({ where: { id } });
  if (row === null) return new AppError("code_expired");
  if (row.confirmedAt !== null) return new AppError("code_used");
  if (row.replacedAt !== null || row.expiresAt <= ctx.now()) return new AppError("code_expired");
  return locked(ctx, row.expiresAt);
}

/** Of several right answers at once one is traded. */
async function trade(ctx: OpenCtx, id: string): Promise<string> {
  const proof = randomToken();
  const { count } = await ctx.db.phoneVerification.updateMany({
    where: { id, confirmedAt: null, replacedAt: null },
    data: { confirmedAt: ctx.now(), proofHash: proofHash(ctx, proof) },
  });
  if (count === 0) throw await refusalOf(ctx, id);
  return proof;
}

/**
 * Trades a right code for a proof that is good once, for 10 minutes.
 * @throws AppError `code_invalid { attemptsLeft }`, `code_locked { retryAfterMs }` at the 5th wrong one and after it,
 *   `code_expired`, `code_used`
 */
export async function confirmPhoneCode(ctx: OpenCtx, input: ConfirmPhoneCodeInput): Promise<{ phoneProof: string }> {
  const { verificationId, code } = input;
  const tried = await takeTry(ctx, verificationId);
  if (tried === null) throw await refusalOf(ctx, verificationId);
  if (isSameHash(tried.codeHash, hashOfCode(ctx.keys, verificationId, code))) return { phoneProof: await trade(ctx, verificationId) };
  if (tried.triesLeft === 0) throw locked(ctx, tried.expiresAt);
  throw new AppError("code_invalid", { attemptsLeft: tried.triesLeft });
}
