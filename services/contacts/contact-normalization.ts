import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import parsePhoneNumber, { type PhoneNumber } from "libphonenumber-js/max";
import { AppError } from "../../utils/errors.ts";

const LONGEST_LOCAL = 64;
const LONGEST_EMAIL = 254;
/** Includes spaces, brackets and hyphens. It equals the maximum of an e-mail address, which the contract accepts in the same field. */
const LONGEST_NUMBER = 254;

/** An unquoted local part (dot-atom, RFC 5322, 3.2.3, and RFC 6531 for other scripts). */
const LOCAL = /^[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+(\.[\p{L}\p{M}\p{N}!#$%&'*+/=?^_`{|}~-]+)*$/u;
const DOMAIN = /^[\p{L}\p{M}\p{N}-]+(\.[\p{L}\p{M}\p{N}-]+)+$/u;
const LABEL = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/** Returns the domain in ASCII (IDNA); null if it is not a public domain name. */
function domainOf(text: string): string | null {
  if (!DOMAIN.test(text)) return null;
  const domain = domainToASCII(text);
  const isName = isIP(domain) === 0 && domain.split(".").every((label) => LABEL.test(label)) && /\.[a-z][a-z0-9-]+$/.test(domain);
  return isName ? domain : null;
}

/** Returns an e-mail address in normal form: NFKC, the domain in lowercase ASCII. Null if it is not an address. */
export function parseEmail(text: string): string | null {
  // NFKC takes quadratic time for a run of combining marks, so limit the length first.
  if (text.length > LONGEST_EMAIL) return null;
  const plain = text.normalize("NFKC").trim();
  const at = plain.lastIndexOf("@");
  const local = plain.slice(0, Math.max(0, at));
  const domain = domainOf(plain.slice(at + 1));
  const address = `${local}@${domain}`;
  return domain !== null && LOCAL.test(local) && local.length <= LONGEST_LOCAL && address.length <= LONGEST_EMAIL ? address : null;
}

/**
 * Returns the normal form of an e-mail address that a user sets.
 * @throws AppError `email_not_allowed`
 */
export function normaliseEmail(text: string): string {
  const address = parseEmail(text);
  if (address === null) throw new AppError("email_not_allowed");
  return address;
}

function phoneOf(text: string): PhoneNumber | null {
  if (text.length > LONGEST_NUMBER) return null;
  const number = parsePhoneNumber(text.normalize("NFKC").trim().replace(/^00/, "+"));
  return number?.isValid() ? number : null;
}

/** Returns a phone number in E.164, in whichever international notation it was typed. Null if it is not a phone number. */
export const parsePhone = (text: string): string | null => phoneOf(text)?.number ?? null;

/** The number types that receive texts free of charge and at the sender's usual price. */
const MOBILE: ReadonlySet<string | undefined> = new Set(["MOBILE", "FIXED_LINE_OR_MOBILE"]);

/** A number that texts may be sent to, and its country as an ISO 3166-1 code. */
export type MobileNumber = { readonly number: string; readonly country: string };

/**
 * Parses a number that codes are to be sent to. Rejects premium, toll-free and landline numbers, numbers of other countries than
 * `countries` (ISO 3166-1), and numbers without a country: satellite phones and other global networks (+870, +878, +881, +882, +883).
 * @throws AppError `phone_not_allowed`
 */
export function normalisePhone(text: string, countries: readonly string[]): MobileNumber {
  const number = phoneOf(text);
  const country = number?.country;
  if (number === null || country === undefined || number.isNonGeographic()) throw new AppError("phone_not_allowed");
  if (!MOBILE.has(number.getType()) || !countries.includes(country)) throw new AppError("phone_not_allowed");
  return { number: number.number, country };
}

const PREFIX_DIGITS = 4;
const LEAST_REST = 4;

/** Returns the country code and the next digits: enough to identify a group of numbers, but not a person. */
export function prefixOf(e164: string): string {
  const { countryCallingCode = "", nationalNumber = "" } = phoneOf(e164) ?? {};
  return `+${countryCallingCode}${nationalNumber.slice(0, Math.max(0, Math.min(PREFIX_DIGITS, nationalNumber.length - LEAST_REST)))}`;
}

/** Masks an e-mail address so that only its owner recognizes it, as in `a…@example.org`. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf("@");
  return `${[...address.slice(0, at)][0] ?? ""}…${address.slice(at)}`;
}

/** Masks a phone number so that only its owner recognizes it, as in `+49…67`. */
export const maskPhone = (e164: string): string => `+${phoneOf(e164)?.countryCallingCode ?? ""}…${e164.slice(-2)}`;
