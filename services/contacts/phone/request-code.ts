import { phoneCodes } from "../../../utils/contract/limits.ts";
import type { PhoneVerificationDto, RequestPhoneCodeInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import type { Sms, SmsPort } from "../../adapters/sms/port.ts";
import type { OpenCall, OpenCtx } from "../../context.ts";
import { networkKey } from "../../limits/addresses.ts";
import { languageOf } from "../../mail/language.ts";
import { mailTemplates } from "../../mail/templates/index.ts";
import { prefixOf } from "../contact-normalization.ts";
import { findPhone, normalisePhone } from "../contacts.ts";
import { newCode } from "./codes.ts";
import { notifySmsPaused, recordPause } from "./notify-sms-paused.ts";
import { type Draft, reserveSms } from "./reserve-sms.ts";
import { returnText, takeReserved } from "./sms-budgets.ts";

const OFF_MS = 3_600_000;

function portOf({ sms, rules }: OpenCtx<"rules" | "sms">): SmsPort {
  if (sms === null || rules.signUpPhone === "off") throw new AppError("sms_unavailable", { retryAfterMs: OFF_MS });
  return sms;
}

const codeText = (ctx: OpenCall, { number, code }: Draft): Sms => ({
  to: number,
  text: mailTemplates[languageOf(ctx)].smsCode.replace("{code}", code),
  code,
});

/** Returns the text to send. A password reset for a number without an account is answered only in the text, which its owner reads. */
async function textFor(ctx: OpenCtx<"db" | "vault">, draft: Draft): Promise<Sms> {
  const isUnknown = draft.purpose === "reset" && (await findPhone(ctx, draft.number)) === null;
  return isUnknown ? { to: draft.number, text: mailTemplates[languageOf(ctx)].smsNoAccount } : codeText(ctx, draft);
}

/** Ends the earlier codes of the same number and purpose. */
async function endPreviousCodes({ db, now }: OpenCtx<"db" | "now">, { id, blindIndex, purpose }: Draft): Promise<void> {
  await db.phoneVerification.updateMany({
    where: { blindIndex, purpose, id: { lt: id }, confirmedAt: null, replacedAt: null },
    data: { replacedAt: now() },
  });
}

/** Deletes a code that was not sent, and returns its budget. */
async function undo(ctx: OpenCtx<"db" | "pool">, { id, createdAt }: Draft): Promise<void> {
  await ctx.db.phoneVerification.deleteMany({ where: { id } });
  await returnText(ctx, createdAt);
}

/** Sends the text and then ends the earlier codes. A failed text does not count toward the limits. */
async function deliver(ctx: OpenCtx<"db" | "pool" | "now" | "logger" | "vault">, port: SmsPort, draft: Draft): Promise<void> {
  try {
    await port.send(await textFor(ctx, draft));
  } catch (error) {
    await undo(ctx, draft).catch((cause: unknown) => ctx.logger.warn("could not return the budget of an unsent text message", { cause }));
    throw error;
  }
  await endPreviousCodes(ctx, draft);
}

/**
 * Sends a code to the owner of an account from the reserved part of the budget. Runs after the response, so that neither the response nor
 * its timing reveals whether the account exists: a number without one gets the same response and no text.
 */
async function deliverFromReserve(ctx: OpenCtx<"db" | "pool" | "now" | "rules" | "vault">, port: SmsPort, draft: Draft): Promise<void> {
  try {
    const owner = await findPhone(ctx, draft.number);
    if (owner !== null && (await takeReserved(ctx))) await port.send(codeText(ctx, draft));
  } finally {
    await endPreviousCodes(ctx, draft);
  }
}

/** Consumes the rate limits of the address and of its network. */
async function consumeRequest({ limits, origin }: OpenCtx<"limits">, network: string): Promise<void> {
  await limits.consume("codesOfAddress", origin.address);
  await limits.consume("codesOfNetwork", network);
}

function draftOf(ctx: OpenCtx<"now" | "keys" | "rules" | "vault">, { phoneNumber, purpose }: RequestPhoneCodeInput): Draft {
  const { number, country } = normalisePhone(phoneNumber, ctx.rules.smsCountries);
  return {
    id: newId(),
    number,
    country,
    code: newCode(),
    purpose,
    blindIndex: ctx.vault.blindIndex("phone", number),
    prefix: prefixOf(number),
    network: networkKey(ctx.keys.address, ctx.origin.address),
    createdAt: ctx.now(),
  };
}

/**
 * Sends a code to a phone. Every request within the limits sends one text, with or without an account, so that neither the response nor
 * its timing reveals whether an account has the number. While texts are paused, resets get the same response, and only numbers of
 * accounts get a text, from the reserved part of the budget. No lock is held while a text is sent.
 * @throws AppError `unauthenticated` for a change of number without a session; `phone_not_allowed`; `rate_limited`, `sms_paused` or
 *   `sms_unavailable`, each with `retryAfterMs`
 */
export async function requestPhoneCode(
  ctx: OpenCtx<"db" | "pool" | "now" | "keys" | "limits" | "logger" | "rules" | "vault" | "sms" | "mail" | "siteUrl">,
  input: RequestPhoneCodeInput,
): Promise<PhoneVerificationDto> {
  if (input.purpose === "change" && ctx.actor === null) throw new AppError("unauthenticated");
  const port = portOf(ctx);
  const draft = draftOf(ctx, input);
  await consumeRequest(ctx, draft.network);
  const verdict = await reserveSms(ctx, draft);
  if (verdict.kind === "too_soon") throw new AppError("rate_limited", { retryAfterMs: verdict.retryAfterMs });
  if (verdict.kind === "paused") {
    if (await recordPause(ctx, verdict, draft)) await notifySmsPaused(ctx, verdict);
    if (draft.purpose !== "reset") throw new AppError("sms_paused", { retryAfterMs: verdict.retryAfterMs });
    void deliverFromReserve(ctx, port, draft).catch((error: unknown) =>
      ctx.logger.warn("could not send a text message from the reserved budget", { error }),
    );
  } else await deliver(ctx, port, draft);
  return { verificationId: draft.id, expiresInMs: phoneCodes.expiresMs, resendInMs: verdict.resendInMs };
}
