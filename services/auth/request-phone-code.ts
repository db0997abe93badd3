import type { PhoneVerificationDto, RequestPhoneCodeInput } from "../../utils/contract/accounts.ts";
import { phoneCodes } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import type { Sms, SmsPort } from "../adapters/sms/port.ts";
import type { OpenCtx } from "../context.ts";
import { languageOf } from "../mail/language.ts";
import { letters } from "../mail/letters/index.ts";
import { prefixOf } from "../users/contact-forms.ts";
import { findPhone, normalisePhone } from "../users/contacts.ts";
import { hashOfCode, newCode } from "./phone-codes.ts";
import { lockPhoneCodes, type SendVerdict, type Target, verdictOnSending } from "./phone-limits.ts";
import { type PhonePurpose, sealNumber } from "./phone-proof.ts";
import { recordPause, tellPaused } from "./tell-sms-paused.ts";

const OFF_MS = 3_600_000;

/** A code about to be sent. */
type Draft = Target & { readonly id: string; readonly number: string; readonly code: string; readonly purpose: PhonePurpose };

function portOf({ sms, rules }: OpenCtx): SmsPort {
  if (sms === null || rules.signUpPhone === "off") throw new AppError("sms_unavailable", { retryAfterMs: OFF_MS });
  return sms;
}

/** Takes a place under all limits, in one transaction that others wait for: of many requests at once only those pass that may. */
async function reserve(ctx: OpenCtx, { id, number, code, purpose, ...target }: Draft): Promise<SendVerdict & { isNews: boolean }> {
  return ctx.db.$transaction(async (tx) => {
    const books = { ...ctx, db: tx };
    await lockPhoneCodes(books);
    const verdict = await verdictOnSending(books, target);
    if (verdict.kind === "paused") return { ...verdict, isNews: await recordPause(books, verdict, target.prefix) };
    if (verdict.kind === "too_soon") return { ...verdict, isNews: false };
    const createdAt = ctx.now();
    await tx.phoneVerification.create({
      data: {
        id,
        purpose,
        userId: ctx.actor?.id ?? null,
        sealed: sealNumber(ctx, id, number),
        ...target,
        codeHash: hashOfCode(ctx.keys, id, code),
        createdAt,
        expiresAt: new Date(createdAt.getTime() + phoneCodes.expiresMs),
      },
    });
    return { ...verdict, isNews: false };
  });
}

/** Whoever asks to set a new password by a number that no account has is told so where only its owner reads it. */
async function textFor(ctx: OpenCtx, { number, code, purpose }: Draft): Promise<Sms> {
  const words = letters[languageOf(ctx)];
  const isUnknown = purpose === "reset" && (await findPhone(ctx, number)) === null;
  return isUnknown ? { to: number, text: words.smsNoAccount } : { to: number, text: words.smsCode.replace("{code}", code), code };
}

/** Sends, and only then kills the former code; what was not sent counts for nothing. */
async function deliver(ctx: OpenCtx, port: SmsPort, draft: Draft): Promise<void> {
  const { id, blindIndex, purpose } = draft;
  try {
    await port.send(await textFor(ctx, draft));
  } catch (error) {
    await ctx.db.phoneVerification.deleteMany({ where: { id } }).catch(() => undefined);
    throw error;
  }
  await ctx.db.phoneVerification.updateMany({
    where: { blindIndex, purpose, id: { lt: id }, confirmedAt: null, replacedAt: null },
    data: { replacedAt: ctx.now() },
  });
}

/**
 * Has a code sent to a phone. Every request within the limits sends one text, whatever is behind the number, so that neither the
 * answer nor its time tells whether an account has it.
 * @throws AppError `unauthenticated` for a change of number by nobody; `phone_not_allowed`; `rate_limited`, `sms_paused` or
 *   `sms_unavailable`, each with `retryAfterMs`
 */
export async function requestPhoneCode(ctx: OpenCtx, { phoneNumber, purpose }: RequestPhoneCodeInput): Promise<PhoneVerificationDto> {
  if (purpose === "change" && ctx.actor === null) throw new AppError("unauthenticated");
  const port = portOf(ctx);
  const { number } = normalisePhone(phoneNumber, ctx.rules.smsCountries);
  await ctx.limits.consume("codesOfAddress", ctx.origin.address);
  const target = { blindIndex: ctx.vault.blindIndex("phone", number), prefix: prefixOf(number) };
  const draft = { ...target, id: newId(), number, code: newCode(), purpose };
  const verdict = await reserve(ctx, draft);
  if (verdict.kind === "too_soon") throw new AppError("rate_limited", { retryAfterMs: verdict.retryAfterMs });
  if (verdict.kind === "paused") {
    if (verdict.isNews) await tellPaused(ctx, verdict);
    throw new AppError("sms_paused", { retryAfterMs: verdict.retryAfterMs });
  }
  await deliver(ctx, port, draft);
  return { verificationId: draft.id, expiresInMs: phoneCodes.expiresMs, resendInMs: verdict.resendInMs };
}
