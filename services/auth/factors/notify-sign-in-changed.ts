import { contactOf } from "../../contacts/contacts.ts";
import { sendSignInChanged } from "../../contacts/email/account-mails.ts";
import type { Ctx } from "../../context.ts";
import { languageOf } from "../../mail/language.ts";

/**
 * Mails the caller, where they confirmed an address, that their factors changed: who did not do it hears of it. To be called when
 * the change is committed. It never fails: an answer that is shown once must not be lost over it.
 */
export async function notifySignInChanged(ctx: Ctx): Promise<void> {
  try {
    const contact = await contactOf(ctx, ctx.actor.id, "email");
    if (contact?.isVerified) sendSignInChanged(ctx, { to: contact.value, language: languageOf(ctx) });
  } catch (error) {
    ctx.logger.warn("a notice about changed factors was not sent", { requestId: ctx.requestId, error });
  }
}
