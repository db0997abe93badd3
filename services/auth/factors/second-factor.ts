import type { PasskeyAnswer } from "../../../utils/contract/schemas/accounts.ts";
import type { PasskeyChallengeDto } from "../../../utils/contract/schemas/factors.ts";
import { AppError } from "../../../utils/errors.ts";
import { audit } from "../../audit/record.ts";
import type { OpenCall, OpenCtx } from "../../context.ts";
import type { Purpose } from "./passkeys/challenges.ts";
import { checkPasskey } from "./passkeys/check.ts";
import { createPasskeyChallenge } from "./passkeys/create-challenge.ts";
import { consumeRecoveryCode } from "./recovery-codes.ts";
import { openSecret, stepOfCode } from "./totp/code.ts";

export type SecondFactor = "totp" | "passkey";

/** The second factor given with a password. If both are given, the passkey is used. */
export type ShownFactor = { readonly totpCode?: string | undefined; readonly passkey?: PasskeyAnswer | undefined };

/** The accepted factors: `methods` in the order to offer them, and the challenge if a passkey is accepted. */
export type Methods<Method extends string> = { readonly methods: Method[]; readonly passkey?: PasskeyChallengeDto };

type Factors = { readonly hasPassword: boolean; readonly hasTotp: boolean; readonly hasPasskey: boolean };

async function factorsOf({ db }: Pick<OpenCtx, "db">, userId: string): Promise<Factors> {
  const [credential, passkeys] = await Promise.all([
    db.credential.findUnique({ where: { userId }, select: { totpEnabledAt: true } }),
    db.passkey.count({ where: { userId } }),
  ]);
  return { hasPassword: credential !== null, hasTotp: credential?.totpEnabledAt != null, hasPasskey: passkeys > 0 };
}

/** Returns the user's second factors; none while two-factor sign-in is off. A recovery code is accepted in place of a TOTP code. */
export async function secondFactorMethods(ctx: Pick<OpenCtx, "db">, userId: string): Promise<SecondFactor[]> {
  const { hasTotp, hasPasskey } = await factorsOf(ctx, userId);
  if (!hasTotp) return [];
  return hasPasskey ? ["totp", "passkey"] : ["totp"];
}

/** Returns the data of `step_up_required`: how the caller may authenticate again. A passkey suffices; a code needs the password. */
export async function stepUpMethods(ctx: OpenCtx<"db" | "now">, userId: string): Promise<Methods<"password" | SecondFactor>> {
  const { hasPassword, hasTotp, hasPasskey } = await factorsOf(ctx, userId);
  const typed = [...(hasPassword ? (["password"] as const) : []), ...(hasTotp ? (["totp"] as const) : [])];
  if (!hasPasskey) return { methods: typed };
  return { methods: [...typed, "passkey"], passkey: await createPasskeyChallenge(ctx, { purpose: "step_up", userId }) };
}

/** Returns the challenge purpose. For a signed-in user it is a step-up, for which a passkey is enough. */
const purposeOf = ({ actor }: OpenCall, userId: string): Purpose => ({
  purpose: actor?.id === userId ? "step_up" : "second_factor",
  userId,
});

async function requiredFactors(ctx: OpenCtx<"db" | "now">, userId: string, methods: SecondFactor[]): Promise<Methods<SecondFactor>> {
  if (!methods.includes("passkey")) return { methods };
  return { methods, passkey: await createPasskeyChallenge(ctx, purposeOf(ctx, userId)) };
}

/** Consumes a TOTP code: of concurrent requests with the same code only one succeeds (RFC 6238, 5.2). */
async function consumeTotpCode(ctx: OpenCtx<"db" | "now" | "vault">, userId: string, code: string): Promise<boolean> {
  const found = await ctx.db.credential.findUnique({ where: { userId }, select: { totpSecret: true, totpEnabledAt: true } });
  if (!found?.totpSecret || found.totpEnabledAt === null) return false;
  const step = stepOfCode(openSecret(ctx, userId, found.totpSecret), code, ctx.now());
  if (step === null) return false;
  const isFresh = { OR: [{ totpLastStep: null }, { totpLastStep: { lt: step } }] };
  const where = { userId, totpEnabledAt: found.totpEnabledAt, ...isFresh };
  return (await ctx.db.credential.updateMany({ where, data: { totpLastStep: step } })).count === 1;
}

/** Consumes a recovery code and records that in the audit log. */
const consumePaperCode = (ctx: OpenCtx<"db" | "now" | "vault">, userId: string, typed: string): Promise<boolean> =>
  ctx.db.$transaction(async (tx) => {
    if (!(await consumeRecoveryCode({ ...ctx, db: tx }, userId, typed))) return false;
    const caller = { ...ctx, db: tx, actor: ctx.actor ?? { id: userId } };
    const data = ctx.actor === null ? {} : { sessionId: ctx.actor.sessionId };
    await audit(caller, { action: "recovery_code_used", subjectType: "user", subjectId: userId, data });
    return true;
  });

async function checkCode(ctx: OpenCtx<"db" | "now" | "limits" | "vault">, userId: string, typed: string): Promise<void> {
  await ctx.limits.consume("secondFactors", userId);
  const digits = typed.replace(/\s/g, "");
  const isCorrect = /^\d{6}$/.test(digits) ? await consumeTotpCode(ctx, userId, digits) : await consumePaperCode(ctx, userId, typed);
  if (!isCorrect) throw new AppError("invalid_credentials");
}

/**
 * Requires and checks the second factor of a user whose password was correct. Does nothing while two-factor sign-in is off.
 * Call it after the password check, never before: its rate limit belongs to the account.
 * @throws AppError `totp_required { methods, passkey? }` when none was given, `invalid_credentials` for a wrong or used code,
 * `passkey_refused`, `rate_limited`
 */
export async function checkSecondFactor(
  ctx: OpenCtx<"db" | "now" | "limits" | "logger" | "vault">,
  userId: string,
  { totpCode, passkey }: ShownFactor,
): Promise<void> {
  const methods = await secondFactorMethods(ctx, userId);
  if (methods.length === 0) return;
  if (passkey !== undefined) await checkPasskey(ctx, passkey, purposeOf(ctx, userId));
  else if (totpCode !== undefined) await checkCode(ctx, userId, totpCode);
  else throw new AppError("totp_required", { ...(await requiredFactors(ctx, userId, methods)) });
}

/**
 * Checks a passkey that a signed-in user presents without a password to authenticate again. Its challenge came with
 * `step_up_required`, or with the `totp_required` of a step-up.
 * @throws AppError `passkey_refused`
 */
export async function checkStepUpPasskey(ctx: OpenCtx<"db" | "now" | "logger">, userId: string, answer: PasskeyAnswer): Promise<void> {
  await checkPasskey(ctx, answer, { purpose: "step_up", userId });
}
