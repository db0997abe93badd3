import { proofOfWork } from "../../utils/contract/limits.ts";
import type { CreateGuestInput } from "../../utils/contract/schemas/auth.ts";
import { AppError } from "../../utils/errors.ts";
import type { OpenCtx } from "../context.ts";
import { consumeGuestBudget, usedProvenShare } from "../limits/guest-budget.ts";
import { requireGuestsAllowed } from "../raids/guests-paused.ts";
import type { GuestOrigin } from "./device-cookie.ts";
import { checkGuestBans, type GuestStanding } from "./guest-bans.ts";
import { acceptProof, difficultyOf, newChallenge } from "./proof-of-work.ts";

type AdmitCtx = OpenCtx<"pool" | "now" | "keys" | "limits">;

/** Consumes a point of the open budget. @returns false if nothing is left */
async function takeOpenPlace(ctx: AdmitCtx): Promise<boolean> {
  try {
    await consumeGuestBudget(ctx);
    return true;
  } catch (error) {
    if (error instanceof AppError && error.code === "guest_limit") return false;
    throw error;
  }
}

/** The proof that a guest sent, if any, and the least number of bits it must have. */
type Required = { readonly proof: CreateGuestInput["proof"]; readonly bits: number };

/** Admits a guest who proves work. Only an accepted proof consumes a point: others cannot use up the budget of their neighbors. */
async function requireProof(ctx: AdmitCtx, { proof, bits }: Required): Promise<void> {
  const usedShare = await usedProvenShare(ctx);
  if (proof === undefined || !(await acceptProof(ctx, proof, bits)))
    throw new AppError("proof_required", { challenge: newChallenge(ctx, Math.max(bits, difficultyOf(usedShare))) });
  await consumeGuestBudget(ctx, "proven");
}

/**
 * Checks whether a new guest may be created. Beyond the open budget of their address or network, and in a shared network with a ban, they
 * must send a proof of work; beyond the budget of proven guests they are rejected.
 * @throws AppError `guests_paused { until }`, `banned { until, rule, appealUrl }`, `proof_required { challenge }`,
 * `guest_limit { retryAfterMs }`
 */
export async function admitGuest(
  ctx: AdmitCtx,
  origin: Pick<GuestOrigin, "deviceHash" | "networkHash">,
  proof: CreateGuestInput["proof"],
): Promise<GuestStanding> {
  await requireGuestsAllowed(ctx);
  const standing = await checkGuestBans(ctx, origin);
  const isWatched = standing === "watched";
  if (isWatched || !(await takeOpenPlace(ctx)))
    await requireProof(ctx, { proof, bits: isWatched ? proofOfWork.bitsOfBannedNetwork : proofOfWork.bits });
  return standing;
}
