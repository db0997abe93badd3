import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { isReservedName } from "./reserved-names.ts";

const SHAPE = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;

function faultOf(username: string): string | null {
  const { min, max } = limits.usernameCharacters;
  if (username.length < min || username.length > max) return `must have ${min} to ${max} characters`;
  return SHAPE.test(username) ? null : "must have only a to z, digits, dot, underscore and hyphen, with a letter or digit at both ends";
}

/** A username as it is stored: trimmed, in lower case. */
export const normaliseUsername = (raw: string): string => raw.trim().toLowerCase();

/** Whether a text can be anybody's username at all; what cannot is not worth asking the database for. */
export const isUsername = (text: string): boolean => text.length <= limits.usernameCharacters.max && SHAPE.test(text);

/** Whether somebody may be called so, as far as nobody else is. */
export const isAllowedUsername = (username: string): boolean => faultOf(username) === null && !isReservedName(username);

/**
 * A text that has the form of a username: 2 to 32 of a to z, digits, dot, underscore and hyphen, with a letter or digit at both ends.
 * @throws AppError `invalid_input` at `username`
 */
export function readUsername(raw: string): string {
  const username = normaliseUsername(raw);
  const message = faultOf(username);
  if (message !== null) throw new AppError("invalid_input", { errors: [{ path: "username", message }] });
  return username;
}
