import type { Prisma } from "../../../prisma/generated/client.ts";
import type { SignUpInput } from "../../../utils/contract/schemas/accounts.ts";
import { newId } from "../../../utils/ids.ts";
import { auditRow } from "../../audit/record.ts";
import type { OpenCtx } from "../../context.ts";
import { startSession } from "../sessions/open-session.ts";
import type { SignedIn } from "../sessions/present.ts";
import { memberColumns, type NewAccount, prepareAccount, sendWelcomeMails, toAccountError, writeAccount } from "./new-account.ts";

type Details = { readonly input: SignUpInput; readonly account: NewAccount; readonly knownDevice: string | undefined };

/** Creates the account and signs it in within one transaction. */
async function create(ctx: OpenCtx<"now" | "keys" | "vault">, db: Prisma.TransactionClient, { input, account, knownDevice }: Details) {
  const id = newId();
  const now = ctx.now();
  const columns = memberColumns(ctx, id, account);
  const { languages = [], acceptedRulesVersion = null } = input;
  const user = await db.user.create({ data: { ...columns, id, languages, acceptedRulesVersion, lastSeenAt: now, createdAt: now } });
  const email = await writeAccount({ ...ctx, db }, id, account);
  await db.auditEntry.create({
    data: auditRow({ ...ctx, actor: user }, { action: "account_created", subjectType: "user", subjectId: id }),
  });
  return { email, signedIn: await startSession({ ...ctx, db }, user, { knownDevice, provenAt: now }) };
}

/**
 * Creates a member and signs them in. The default display name is the username.
 * @throws AppError `name_taken { field, suggestions }`, `invalid_input`,
 *   `password_weak { reason }`, `email_not_allowed`, `phone_required`, `phone_proof_invalid`, `phone_taken`, `under_age { minAge }`
 */
export async function signUp(
  ctx: OpenCtx<"db" | "now" | "keys" | "logger" | "rules" | "vault" | "passwords" | "mail" | "siteUrl">,
  input: SignUpInput,
  knownDevice: string | undefined,
): Promise<SignedIn> {
  const account = await prepareAccount(ctx, input, null);
  const made = ctx.db.$transaction((db) => create(ctx, db, { input, account, knownDevice }));
  const { signedIn, email } = await made.catch(async (error: unknown) => {
    throw await toAccountError(ctx, error, account);
  });
  sendWelcomeMails(ctx, account, email);
  return signedIn;
}
