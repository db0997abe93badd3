import { contactOf } from "../../contacts/contacts.ts";
import { sendSignInChanged } from "../../contacts/email/account-mails.ts";
import type { Ctx } from "../../context.ts";
import { languageOf } from "../../mail/language.ts";

/**
 * Mails the caller, if they have a verified address, that their factors changed, so that an unauthorized change is noticed. Call it
 * after the change is committed. It never throws: a response that is shown only once must not be lost because of it.
 */
export async function notifySignInChanged(ctx: Ctx<"db" | "logger" | "vault" | "mail" | "siteUrl">): Promise<void> {
  try {
    const contact = await contactOf(ctx, ctx.actor.id, "email");
    if (contact?.isVerified) sendSignInChanged(ctx, { to: contact.value, language: languageOf(ctx) });
  } catch (error) {
    ctx.logger.warn("could not mail a notification about changed sign-in factors", { requestId: ctx.requestId, error });
  }
}
