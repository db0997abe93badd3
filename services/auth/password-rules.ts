import { dictionary } from "@zxcvbn-ts/language-common";
import { limits } from "../../utils/contract/limits.ts";
import { AppError } from "../../utils/errors.ts";

/** Compared as passwords are, and without regard to case. */
const fold = (text: string): string => text.normalize("NFKC").toLowerCase();

const common = new Set(dictionary["passwords-common"].map(String));

const ONE_CHARACTER = /^(.)\1*$/su;

const isCommon = (folded: string): boolean => common.has(folded) || ONE_CHARACTER.test(folded);

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
    return rest.length < folded.length && (rest.length < SHORTEST_REST || isCommon(rest));
  });
}

type Reason = "too_short" | "too_long" | "common" | "like_name";

function faultOf(password: string, username: string | null): Reason | null {
  const { min, max } = limits.passwordCharacters;
  const folded = fold(password);
  const length = [...folded].length;
  if (length < min) return "too_short";
  if (length > max) return "too_long";
  if (isCommon(folded)) return "common";
  return username !== null && isLikeName(folded, username) ? "like_name" : null;
}

/**
 * Looks at a password that is to be set: 10 to 1,000 characters (code points) of any kind, none of those everybody tries
 * first, and not the username in disguise (NIST SP 800-63B, 5.1.1.2). Without a username that last part is left out.
 * @throws AppError `password_weak { reason: too_short·too_long·common·like_name }`, `invalid_input` for broken Unicode
 */
export function checkPassword(password: string, username: string | null): void {
  if (!password.isWellFormed())
    throw new AppError("invalid_input", { errors: [{ path: "password", message: "must be well-formed Unicode" }] });
  const reason = faultOf(password, username);
  if (reason !== null) throw new AppError("password_weak", { reason });
}
