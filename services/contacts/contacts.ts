import type { Prisma } from "../../prisma/generated/client.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import type { Services } from "../context.ts";
import { isUniqueViolation } from "../unique-violation.ts";
import { lockUser } from "../users/lock-user.ts";
import { maskEmail, maskPhone, parseEmail, parsePhone } from "./contact-normalization.ts";

export { normaliseEmail, normalisePhone } from "./contact-normalization.ts";

export type ContactKind = "email" | "phone";

/** A user's e-mail address or phone number, decrypted. */
export type Contact = { readonly id: string; readonly userId: string; readonly value: string; readonly isVerified: boolean };

type ContactServices = Pick<Services, "vault"> & { readonly db: Prisma.TransactionClient };
type Row = { id: string; userId: string; sealed: Uint8Array; verifiedAt: Date | null };

const sealContextOf = (id: string) => ({ table: "contacts", field: "sealed", id }) as const;

/** Local parts are in practice case-insensitive (RFC 5321, 2.4), so the index ignores case. */
const indexOf = ({ vault }: Pick<Services, "vault">, kind: ContactKind, value: string) =>
  vault.blindIndex(kind, kind === "email" ? value.toLowerCase() : value);

const opened = ({ vault }: Pick<Services, "vault">, { id, userId, sealed, verifiedAt }: Row): Contact => ({
  id,
  userId,
  value: vault.open(sealContextOf(id), sealed),
  isVerified: verifiedAt !== null,
});

/** Returns the verified contact with this value, which must be in its normal form. */
async function findOwner(services: ContactServices, kind: ContactKind, value: string | null): Promise<Contact | null> {
  const blindIndex = indexOf(services, kind, value ?? "");
  const row = await services.db.contact.findFirst({ where: { kind, blindIndex, verifiedAt: { not: null } } });
  return row === null || value === null ? null : opened(services, row);
}

/** Returns the verified contact with this e-mail address, or null. Takes the same time for any input. */
export const findEmail = (services: ContactServices, text: string): Promise<Contact | null> =>
  findOwner(services, "email", parseEmail(text));

/** Returns the verified contact with this phone number, or null. Takes the same time for any input. */
export const findPhone = (services: ContactServices, text: string): Promise<Contact | null> =>
  findOwner(services, "phone", parsePhone(text));

/** Returns the id of the user with this verified e-mail address. */
export const findUserByEmail = async (services: ContactServices, text: string): Promise<string | null> =>
  (await findEmail(services, text))?.userId ?? null;

/** Returns the id of the user with this verified phone number. */
export const findUserByPhone = async (services: ContactServices, text: string): Promise<string | null> =>
  (await findPhone(services, text))?.userId ?? null;

/** Returns a user's contact of a kind, verified or not. */
export async function contactOf(services: ContactServices, userId: string, kind: ContactKind): Promise<Contact | null> {
  const row = await services.db.contact.findUnique({ where: { userId_kind: { userId, kind } } });
  return row === null ? null : opened(services, row);
}

export type Masked = { readonly masked: string; readonly isVerified: boolean };

/** Returns a user's masked contacts, for their own account page. */
export async function contactsOf(services: ContactServices, userId: string): Promise<{ email: Masked | null; phone: Masked | null }> {
  const rows = await services.db.contact.findMany({ where: { userId } });
  const masked = (kind: ContactKind, mask: (value: string) => string): Masked | null => {
    const row = rows.find((one) => one.kind === kind);
    if (row === undefined) return null;
    const { value, isVerified } = opened(services, row);
    return { masked: mask(value), isVerified };
  };
  return { email: masked("email", maskEmail), phone: masked("phone", maskPhone) };
}

/** Runs a write and maps a unique violation: another user has already verified the same contact. */
async function unlessTaken<Result>(kind: ContactKind, write: Promise<Result>): Promise<Result> {
  try {
    return await write;
  } catch (error) {
    if (isUniqueViolation(error)) throw new AppError(kind === "email" ? "email_taken" : "phone_taken", {}, { cause: error });
    throw error;
  }
}

export type NewContact = {
  readonly userId: string;
  readonly kind: ContactKind;
  /** In normal form. */
  readonly value: string;
  readonly isVerified: boolean;
};

/**
 * Replaces a user's contact of one kind. Call it inside the caller's transaction: `setContact({ ...ctx, db: tx }, …)`. Tokens mailed to
 * the former contact become void, because the id is new.
 * @throws AppError `phone_taken` or `email_taken` when it is verified and another user verified it before
 */
export async function setContact(
  ctx: ContactServices & Pick<Services, "now">,
  { userId, kind, value, isVerified }: NewContact,
): Promise<Contact> {
  // Of two concurrent changes of one user, the second waits here and finds the contact of the first.
  await lockUser(ctx.db, userId);
  await ctx.db.contact.deleteMany({ where: { userId, kind } });
  const id = newId();
  const createdAt = ctx.now();
  const sealed = ctx.vault.seal(sealContextOf(id), value);
  const row = { id, userId, kind, sealed, blindIndex: indexOf(ctx, kind, value), createdAt, verifiedAt: isVerified ? createdAt : null };
  await unlessTaken(kind, ctx.db.contact.create({ data: row }));
  return { id, userId, value, isVerified };
}

/**
 * Marks a contact as verified. @returns false when it no longer exists
 * @throws AppError `phone_taken` or `email_taken` when another user verified it before
 */
export async function confirmContact(ctx: ContactServices & Pick<Services, "now">, id: string, kind: ContactKind): Promise<boolean> {
  const where = { id, kind, verifiedAt: null };
  const { count } = await unlessTaken(kind, ctx.db.contact.updateMany({ where, data: { verifiedAt: ctx.now() } }));
  return count > 0 || (await ctx.db.contact.count({ where: { id, kind } })) > 0;
}
