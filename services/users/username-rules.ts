import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";
import { isReservedName } from "./reserved-names.ts";

const SHAPE = /^[a-z0-9](?:[a-z0-9._-]*[a-z0-9])?$/;

type Fault = "too_short" | "too_long" | "characters" | "reserved";

function faultOf(username: string): Fault | null {
  const { min, max } = limits.usernameCharacters;
  if (username.length < min) return "too_short";
  if (username.length > max) return "too_long";
  if (!SHAPE.test(username)) return "characters";
  return isReservedName(username) ? "reserved" : null;
}

/** A username as it is stored: trimmed, in lower case. */
export const normaliseUsername = (raw: string): string => raw.trim().toLowerCase();

/** Whether a text can be anybody's username at all; what cannot is not worth asking the database for. */
export const isUsername = (text: string): boolean => text.length <= limits.usernameCharacters.max && SHAPE.test(text);

/** Whether somebody may be called so, as far as nobody else is. */
export const isAllowedUsername = (username: string): boolean => faultOf(username) === null;

/**
 * A username somebody may choose: 2 to 32 of a to z, digits, dot, underscore and hyphen, with a letter or digit at both ends.
 * @throws AppError `username_not_allowed { reason: too_short·too_long·characters·reserved }`
 */
export function readUsername(raw: string): string {
  const username = normaliseUsername(raw);
  const reason = faultOf(username);
  if (reason !== null) throw new AppError("username_not_allowed", { reason });
  return username;
}
