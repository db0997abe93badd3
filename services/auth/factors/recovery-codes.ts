import { randomInt } from "node:crypto";
import type { Prisma } from "../../../prisma/generated/client.ts";
import { limits } from "../../../utils/contract/limits.ts";
import type { Services } from "../../context.ts";
import type { Bytes } from "../../vault/vault.ts";

/** Letters and digits that cannot be confused with each other on paper: 31, so 12 characters are 59 bits. */
const ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz";
const GROUPS = 3;
const GROUP_LENGTH = 4;

/** Parses a typed code in any case, with or without dashes and spaces. Returns null if it is not a code. */
function readCode(typed: string): string | null {
  const code = typed.toLowerCase().replace(/[\s\p{Pd}]/gu, "");
  const isCode = code.length === GROUPS * GROUP_LENGTH && [...code].every((character) => ALPHABET.includes(character));
  return isCode ? code : null;
}

const group = (): string => Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join("");

/** Returns a new code in display form, such as `k3pd-9xqa-7mzt`. */
const newCode = (): string => Array.from({ length: GROUPS }, group).join("-");

/**
 * Returns the stored hash of a code. It uses the key of the blind indexes, which never changes: codes on paper are kept for years and
 * must stay valid when the other keys are rotated.
 */
const hashOf = ({ vault }: Pick<Services, "vault">, userId: string, code: string): Bytes =>
  vault.blindIndex("recovery_code", `${userId}:${code}`);

type RecoveryServices = Pick<Services, "vault" | "now"> & { readonly db: Prisma.TransactionClient };

/** Replaces all recovery codes of a user within the caller's transaction. @returns the new codes, to be shown once */
export async function replaceRecoveryCodes(ctx: RecoveryServices, userId: string): Promise<string[]> {
  const codes = new Set<string>();
  while (codes.size < limits.recoveryCodes) codes.add(newCode());
  const createdAt = ctx.now();
  const rows = [...codes].map((code) => ({ userId, hash: hashOf(ctx, userId, code.replaceAll("-", "")), createdAt }));
  await ctx.db.recoveryCode.deleteMany({ where: { userId } });
  await ctx.db.recoveryCode.createMany({ data: rows });
  return [...codes];
}

/** Consumes a recovery code. @returns whether it was valid and unused */
export async function consumeRecoveryCode(ctx: RecoveryServices, userId: string, typed: string): Promise<boolean> {
  const code = readCode(typed);
  if (code === null) return false;
  const where = { userId, hash: hashOf(ctx, userId, code), usedAt: null };
  const { count } = await ctx.db.recoveryCode.updateMany({ where, data: { usedAt: ctx.now() } });
  return count === 1;
}
