import { dictionary } from "@zxcvbn-ts/language-common";
import { commonWords, passwordErrorOf } from "../../../utils/contract/passwords.ts";
import { AppError } from "../../../utils/errors.ts";

const common = new Set(dictionary["passwords-common"].map(String));

const isCommon = (word: string): boolean => common.has(word) || commonWords.has(word);

/**
 * Checks a new password: 10 to 1,000 characters (code points) of any kind, not easily guessed (common passwords, also with digits around
 * them, runs and sequences), and not similar to the username (NIST SP 800-63B, 5.1.1.2). Without a username the last check is skipped.
 * @throws AppError `password_weak { reason: too_short·too_long·common·like_name }`, `invalid_input` for broken Unicode
 */
export function checkPassword(password: string, username: string | null): void {
  if (!password.isWellFormed())
    throw new AppError("invalid_input", { errors: [{ path: "password", message: "must be well-formed Unicode" }] });
  const reason = passwordErrorOf(password, username, isCommon);
  if (reason !== null) throw new AppError("password_weak", { reason });
}
