import { limits } from "./limits.ts";

/** The words that most commonly guessed passwords are based on. The server knows many more; this list is short enough for the page. */
export const commonWords: ReadonlySet<string> = new Set(
  (
    "password passwort passw pass qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbnm abc abcd abcdef iloveyou ilovey love monkey " +
    "dragon sunshine princess football baseball letmein welcome admin administrator login master hello freedom whatever shadow superman " +
    "batman michael jordan jessica charlie ashley bailey trustno starwars computer secret summer winter spring autumn internet test guest " +
    "chatroom contraseña contrasena motdepasse senha parola пароль lovely flower pokemon cookie family google samsung changeme default"
  ).split(" "),
);

/** Normalizes a password for comparison, ignoring case. Passwords are shorter than the 2,000 units. */
export const normalizePassword = (password: string): string => password.slice(0, 2_000).normalize("NFKC").toLowerCase();

/** A run or a sequence, as in "aaaa" or "4567", counts as at most this many characters. */
const COUNTED = 2;

/** Returns the distance between two consecutive characters: 1 or -1 for neighbors in the alphabet or in the keyboard's row of digits. */
function stepOf(before: string, after: string): number {
  if (before === "9" && after === "0") return 1;
  if (before === "0" && after === "9") return -1;
  return (after.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
}

/** Counts the characters of a text that are not predictable from the preceding ones: a run or a sequence counts as two. */
function countUnpredictable(text: string): number {
  const characters = [...text];
  let count = 0;
  let length = 0;
  let step: number | null = null;
  for (const [at, character] of characters.entries()) {
    const next = at === 0 ? null : stepOf(characters[at - 1] ?? "", character);
    const continues: boolean = next !== null && Math.abs(next) <= 1 && (length === 1 || next === step);
    length = continues ? length + 1 : 1;
    step = continues ? next : null;
    if (length <= COUNTED) count += 1;
  }
  return count;
}

/**
 * Returns the shortest text that a text is a repetition of, or the text itself. Linear: uses the prefix function of Knuth, Morris and
 * Pratt.
 */
function periodOf(text: string): string {
  const borders = [0];
  for (let at = 1, border = 0; at < text.length; at += 1) {
    while (border > 0 && text[at] !== text[border]) border = borders[border - 1] ?? 0;
    if (text[at] === text[border]) border += 1;
    borders.push(border);
  }
  const period = text.length - (borders.at(-1) ?? 0);
  return text.length % period === 0 ? text.slice(0, period) : text;
}

const LEET: Readonly<Record<string, string>> = { "@": "a", "4": "a", "3": "e", "1": "i", "!": "i", "0": "o", $: "s", "5": "s", "7": "t" };
const withoutLeet = (text: string): string => text.replace(/[@431!0$57]/g, (character) => LEET[character] ?? character);

const isLetter = (character: string): boolean => /\p{L}/u.test(character);

/** Returns the part of a text between its first and last letter, and the characters around it. */
function coreOf(text: string): { core: string; rest: string } {
  const characters = [...text];
  const first = characters.findIndex(isLetter);
  if (first === -1) return { core: "", rest: text };
  const end = characters.findLastIndex(isLetter) + 1;
  return { core: characters.slice(first, end).join(""), rest: [...characters.slice(0, first), ...characters.slice(end)].join("") };
}

/** A password with fewer unpredictable characters is guessed early, regardless of its length. */
const MIN_UNPREDICTABLE = 7;

/** The characters added to a common word, not counting a year, must contain more unpredictable characters than this. */
const WEAK_REST = 4;

/**
 * Whether a normalized password is guessed early: a common password, a repetition of one, runs and sequences ("aaaaaaaaaab",
 * "1234567890123"), or a common word with little more than digits and signs added ("password123456", "P@ssw0rd2026!").
 */
export function isGuessable(normalized: string, isCommon: (word: string) => boolean): boolean {
  const period = periodOf(normalized);
  if (isCommon(normalized) || isCommon(period) || countUnpredictable(normalized) < MIN_UNPREDICTABLE) return true;
  const { core, rest } = coreOf(period);
  const added = rest.replace(/(?:19|20)\d\d/, "");
  const isWord = core !== "" && [core, withoutLeet(core), periodOf(core)].some(isCommon);
  return isWord && (countUnpredictable(periodOf(added)) <= WEAK_REST || isCommon(rest));
}

/** Shorter usernames occur in too many passwords by chance. */
const SHORTEST_NAME = 3;

/** The minimum length of the characters added to a username. */
const SHORTEST_REST = 6;

const reversed = (text: string): string => [...text].reverse().join("");

/** Whether a password is little more than the username, forwards or backwards. */
function isLikeName(normalized: string, username: string, isCommon: (word: string) => boolean): boolean {
  const name = username.toLowerCase();
  if (name.length < SHORTEST_NAME) return false;
  return [name, reversed(name)].some((core) => {
    const rest = normalized.replaceAll(core, "");
    return rest.length < normalized.length && (rest.length < SHORTEST_REST || isGuessable(rest, isCommon));
  });
}

export type PasswordError = "too_short" | "too_long" | "common" | "like_name";

/** Returns why a password cannot be set, or null. The server enforces this rule, and the page applies it while a password is typed. */
export function passwordErrorOf(password: string, username: string | null, isCommon: (word: string) => boolean): PasswordError | null {
  const { min, max } = limits.passwordCharacters;
  // A character takes one or two units, so a longer text is too long even without normalization.
  if (password.length > 2 * max) return "too_long";
  const normalized = normalizePassword(password);
  const length = [...normalized].length;
  if (length < min) return "too_short";
  if (length > max) return "too_long";
  if (isGuessable(normalized, isCommon)) return "common";
  return username !== null && isLikeName(normalized, username, isCommon) ? "like_name" : null;
}
