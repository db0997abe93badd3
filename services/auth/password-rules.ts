import { dictionary } from "@zxcvbn-ts/language-common";
import { limits } from "../../utils/contract/limits.ts";
import { commonWords, foldPassword, isGuessable } from "../../utils/contract/passwords.ts";
import { AppError } from "../../utils/errors.ts";

const common = new Set(dictionary["passwords-common"].map(String));

const isCommon = (word: string): boolean => common.has(word) || commonWords.has(word);

/** Names shorter than this are in too many words by chance. */
const SHORTEST_NAME = 3;

/** What is added to a name must itself be worth something. */
const SHORTEST_REST = 6;

const reversed = (text: string): string => [...text].reverse().join("");

/** Whether a password is little more than the username, forwards or backwards. */
function isLikeName(folded: string, username: string): boolean {
  const name = username.toLowerCase();
  if (name.length < SHORTEST_NAME) return false;
  return [name, reversed(name)].some((core) => {
    const rest = folded.replaceAll(core, "");
    return rest.length < folded.length && (rest.length < SHORTEST_REST || isGuessable(rest, isCommon));
  });
}

type Reason = "too_short" | "too_long" | "common" | "like_name";

function faultOf(password: string, username: string | null): Reason | null {
  const { min, max } = limits.passwordCharacters;
  // A character takes one or two units; a longer text need not be normalized to be too long.
  if (password.length > 2 * max) return "too_long";
  const folded = foldPassword(password);
  const length = [...folded].length;
  if (length < min) return "too_short";
  if (length > max) return "too_long";
  if (isGuessable(folded, isCommon)) return "common";
  return username !== null && isLikeName(folded, username) ? "like_name" : null;
}

/**
 * Checks a password that is to be set: 10 to 1,000 characters (code points) of any kind, none of those that are guessed first (common
 * ones, also with digits around them, runs and sequences), and not the username in disguise (NIST SP 800-63B, 5.1.1.2). Without a
 * username that last part is left out.
 * @throws AppError `password_weak { reason: too_short·too_long·common·like_name }`, `invalid_input` for broken Unicode
 */
export function checkPassword(password: string, username: string | null): void {
  if (!password.isWellFormed())
    throw new AppError("invalid_input", { errors: [{ path: "password", message: "must be well-formed Unicode" }] });
  const reason = faultOf(password, username);
  if (reason !== null) throw new AppError("password_weak", { reason });
}
