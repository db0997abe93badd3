import type { SignUpInput } from "../../../utils/contract/schemas/accounts.ts";
import { AppError } from "../../../utils/errors.ts";
import { type Contact, normaliseEmail, setContact } from "../../contacts/contacts.ts";
import { sendEmailConfirmation, sendWelcome } from "../../contacts/email/account-mails.ts";
import { consumePhoneProof } from "../../contacts/phone/proof.ts";
import type { OpenCtx, OpenTxCtx } from "../../context.ts";
import { languageOf } from "../../mail/language.ts";
import { isUniqueViolation } from "../../unique-violation.ts";
import { skeletonOf } from "../../users/names/confusables.ts";
import { validateMemberName } from "../../users/names/validate-member-name.ts";
import { usernameTaken, validateUsername } from "../../users/names/validate-username.ts";
import { checkPassword } from "../passwords/password-rules.ts";

/** The validated data of a new account. */
export type NewAccount = {
  readonly username: string;
  readonly displayName: string;
  readonly passwordHash: string;
  readonly email: string | null;
  readonly phoneProof: string | null;
  readonly birthDate: string | null;
};

type TxCtx = OpenTxCtx<"now" | "keys" | "vault">;

/** Returns the latest birth date of a person of this age today (UTC). */
const birthdayOf = (years: number, now: Date): string =>
  `${String(now.getUTCFullYear() - years).padStart(4, "0")}${now.toISOString().slice(4, 10)}`;

function checkAge({ rules, now }: OpenCtx<"now" | "rules">, birthDate: string | undefined): void {
  if (birthDate !== undefined && birthDate > birthdayOf(rules.minAge, now())) throw new AppError("under_age", { minAge: rules.minAge });
}

/**
 * Validates sign-up data; the expensive hashing comes last. Writes nothing. `userId` is the guest who becomes a member; null for
 * a new user.
 * @throws AppError every sign-up error except those of the phone proof
 */
export async function prepareAccount(
  ctx: OpenCtx<"db" | "now" | "rules" | "passwords">,
  input: SignUpInput,
  userId: string | null,
): Promise<NewAccount> {
  ctx.passwords.checkRoom();
  checkAge(ctx, input.birthDate);
  const email = input.email === undefined || input.email === "" ? null : normaliseEmail(input.email);
  const username = await validateUsername(ctx.db, input.username);
  const displayName = await validateMemberName(ctx.db, { wanted: input.displayName ?? username, userId });
  checkPassword(input.password, username);
  const { phoneProof = null, birthDate = null } = input;
  if (phoneProof === null && ctx.rules.signUpPhone === "required") throw new AppError("phone_required");
  const passwordHash = await ctx.passwords.hash(input.password);
  return { username, displayName, passwordHash, email, phoneProof, birthDate };
}

/** Returns the columns of a member's row that come from the account data. */
export const memberColumns = ({ vault }: Pick<OpenCtx, "vault">, userId: string, account: NewAccount) => ({
  kind: "member" as const,
  role: "member" as const,
  username: account.username,
  usernameSkeleton: skeletonOf(account.username),
  displayName: account.displayName,
  nameSkeleton: skeletonOf(account.displayName),
  birthDate: account.birthDate === null ? null : vault.seal({ table: "users", field: "birth_date", id: userId }, account.birthDate),
});

/**
 * Writes the password, the verified phone number and the unverified e-mail address of a new account within the transaction that creates
 * its user row.
 * @returns the e-mail contact, if there is one
 * @throws AppError `phone_proof_invalid` or `phone_taken`
 */
export async function writeAccount(tx: TxCtx, userId: string, account: NewAccount): Promise<Contact | null> {
  await tx.db.credential.create({ data: { userId, passwordHash: account.passwordHash, passwordChangedAt: tx.now() } });
  if (account.phoneProof !== null) {
    const { number } = await consumePhoneProof(tx, account.phoneProof, "signup");
    await setContact(tx, { userId, kind: "phone", value: number, isVerified: true });
  }
  return account.email === null ? null : setContact(tx, { userId, kind: "email", value: account.email, isVerified: false });
}

/** Maps an error of the transaction that creates an account: a concurrent use of the same username becomes a name error. */
export async function toAccountError(ctx: OpenCtx<"db">, error: unknown, { username }: NewAccount): Promise<unknown> {
  return isUniqueViolation(error) ? usernameTaken(ctx.db, username) : error;
}

/** Mails a welcome message and the link that verifies the address. Does not wait for delivery. */
export function sendWelcomeMails(
  ctx: OpenCtx<"db" | "now" | "logger" | "mail" | "siteUrl">,
  { displayName }: Pick<NewAccount, "displayName">,
  contact: Contact | null,
): void {
  if (contact === null) return;
  const { id: contactId, userId, value: email } = contact;
  const language = languageOf(ctx);
  sendWelcome(ctx, { to: email, name: displayName, language });
  sendEmailConfirmation(ctx, { userId, contactId, email, language }).catch((error: unknown) =>
    ctx.logger.warn("could not mail an e-mail verification link", { requestId: ctx.requestId, error }),
  );
}
