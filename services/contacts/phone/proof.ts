import type { Prisma } from "../../../prisma/generated/client.ts";
import { phoneCodes } from "../../../utils/contract/limits.ts";
import type { RequestPhoneCodeInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import type { OpenCtx, Services } from "../../context.ts";
import { codeHash } from "./codes.ts";

export type PhonePurpose = RequestPhoneCodeInput["purpose"];

const sealContextOf = (id: string) => ({ table: "phone_verifications", field: "sealed", id }) as const;

/** Encrypts a phone number for the row of its verification. */
export const sealNumber = ({ vault }: Pick<Services, "vault">, id: string, number: string) => vault.seal(sealContextOf(id), number);

/** Returns the stored hash of a proof. */
export const proofHash = ({ keys }: Pick<Services, "keys">, proof: string) => codeHash(keys, `proof ${proof}`);

type Row = { id: string; sealed: Uint8Array };
type TxCtx = Pick<OpenCtx, "keys" | "vault" | "now" | "actor"> & { readonly db: Prisma.TransactionClient };

/**
 * Exchanges a proof for its phone number. It is valid once, for 10 minutes, for the purpose its code was requested for; a proof for a
 * change of number only for the user who requested it. Call it inside the transaction of its use,
 * `consumePhoneProof({ ...ctx, db: tx }, …)`, so that a failure there leaves the proof unused.
 * @throws AppError `phone_proof_invalid`
 */
export async function consumePhoneProof(ctx: TxCtx, proof: string, purpose: PhonePurpose): Promise<{ number: string }> {
  const now = ctx.now();
  const confirmedAfter = new Date(now.getTime() - phoneCodes.proofMs);
  const owner = purpose === "change" ? (ctx.actor?.id ?? null) : null;
  const [row] = await ctx.db.$queryRaw<Row[]>`
    UPDATE phone_verifications SET proof_used_at = ${now}
    WHERE proof_hash = ${proofHash(ctx, proof)} AND proof_used_at IS NULL AND purpose = ${purpose}::phone_purpose
      AND confirmed_at > ${confirmedAfter} AND (purpose <> 'change' OR user_id = ${owner}::uuid)
    RETURNING id, sealed`;
  if (row === undefined) throw new AppError("phone_proof_invalid");
  return { number: ctx.vault.open(sealContextOf(row.id), row.sealed) };
}
