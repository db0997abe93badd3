import { limits } from "../../../utils/contract/limits.ts";
import { AppError } from "../../../utils/errors.ts";
import { isReservedName } from "./reserved-names.ts";

const SHAPE = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;

function faultOf(username: string): string | null {
  const { min, max } = limits.usernameCharacters;
  if (username.length < min || username.length > max) return `must have ${min} to ${max} characters`;
  return SHAPE.test(username)
    ? null
    : "must contain only a to z, digits, dots, underscores and hyphens, and must begin and end with a letter or digit";
}

/** Returns a username in stored form: trimmed, in lower case. */
export const normaliseUsername = (raw: string): string => raw.trim().toLowerCase();

/** Whether a text has the form of a username; others need no query. */
export const isUsername = (text: string): boolean => text.length <= limits.usernameCharacters.max && SHAPE.test(text);

/** Whether a username is valid and not reserved. Does not check whether it is taken. */
export const isAllowedUsername = (username: string): boolean => faultOf(username) === null && !isReservedName(username);

/**
 * Parses a username: 2 to 32 of a to z, digits, dot, underscore and hyphen, with a letter or digit at both ends.
 * @throws AppError `invalid_input` at `username`
 */
export function readUsername(raw: string): string {
  const username = normaliseUsername(raw);
  const message = faultOf(username);
  if (message !== null) throw new AppError("invalid_input", { errors: [{ path: "username", message }] });
  return username;
}
