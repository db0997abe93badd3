import { z } from "zod";
import { proofOfWork } from "../../utils/contract/limits.ts";
import type { CreateGuestInput } from "../../utils/contract/schemas/auth.ts";
import { id } from "../../utils/contract/schemas/primitives.ts";
import { sha256 } from "../../utils/crypto.ts";
import { newId } from "../../utils/ids.ts";
import { readSignedJson, signJson } from "../../utils/signed-json.ts";
import { type Purge, purgeRows } from "../audit/purge-rows.ts";
import type { OpenCtx, Services } from "../context.ts";
import { networkKey } from "../limits/addresses.ts";

type Proof = NonNullable<CreateGuestInput["proof"]>;
type Challenger = Pick<OpenCtx<"keys" | "now">, "keys" | "now" | "origin">;

/** What a challenge contains: its id, a hash of the network it is for, the difficulty, and when it expires, in ms. */
const content = z.strictObject({ id, network: z.string().max(43), bits: z.number().int().min(1).max(40), expiresAt: z.number().int() });
type Challenge = z.infer<typeof content>;

/** Issues a challenge for the caller's network, to be solved within two minutes. */
export function newChallenge({ keys, now, origin }: Challenger, bits: number): { token: string; difficulty: number } {
  const network = networkKey(keys.challenges, origin.address);
  const challenge: Challenge = { id: newId(), network, bits, expiresAt: now().getTime() + proofOfWork.expiresMs };
  return { token: signJson(keys.challenges, challenge), difficulty: bits };
}

/** Returns the challenge of a token that this server signed for the caller's network and that has not expired; null otherwise. */
function readChallenge({ keys, now, origin }: Challenger, token: string): Challenge | null {
  const { data } = content.safeParse(readSignedJson(keys.challenges, token));
  if (data === undefined || data.expiresAt <= now().getTime()) return null;
  return data.network === networkKey(keys.challenges, origin.address) ? data : null;
}

/** Returns how many zero bits a hash begins with. */
export function leadingZeroBits(hash: Uint8Array): number {
  const first = hash.findIndex((byte) => byte !== 0);
  return first === -1 ? hash.length * 8 : first * 8 + Math.clz32(hash[first] ?? 0) - 24;
}

const USE = "INSERT INTO used_proofs (id, expires_at) VALUES ($1, $2) ON CONFLICT DO NOTHING";

/** Returns the difficulty of the next challenge: it rises with the share of the budget that proven guests have used. */
export const difficultyOf = (usedShare: number): number =>
  proofOfWork.bits + Math.min(proofOfWork.moreBits, Math.floor(usedShare * (proofOfWork.moreBits + 1)));

/**
 * Whether a proof solves a challenge of at least this difficulty that was issued to the caller's network. A proof is accepted once, on any
 * node: its challenge is recorded until it has expired. Each record costs its sender the work, so the table stays small.
 */
export async function acceptProof(ctx: Challenger & Pick<Services, "pool">, { token, nonce }: Proof, bits: number): Promise<boolean> {
  const challenge = readChallenge(ctx, token);
  if (challenge === null || challenge.bits < bits || leadingZeroBits(sha256(`${token}:${nonce}`)) < challenge.bits) return false;
  return (await ctx.pool.query(USE, [challenge.id, new Date(challenge.expiresAt)])).rowCount === 1;
}

const EXPIRED: Purge = { job: "purge-codes", table: "used_proofs", key: { column: "id", type: "uuid" }, due: "expires_at < $1" };

/** Removes the records of proofs whose challenge has expired. @returns how many */
export const purgeUsedProofs = (services: Pick<Services, "pool" | "now" | "logger">, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, EXPIRED, { before: services.now(), limit });
