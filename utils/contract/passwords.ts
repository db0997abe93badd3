import { limits } from "./limits.ts";

/** The words that most guessed passwords are built on. The server knows many more; these are few enough for the page. */
export const commonWords: ReadonlySet<string> = new Set(
  (
    "password passwort passw pass qwerty qwertz azerty qwertyuiop asdfgh asdfghjkl zxcvbnm abc abcd abcdef iloveyou ilovey love monkey " +
    "dragon sunshine princess football baseball letmein welcome admin administrator login master hello freedom whatever shadow superman " +
    "batman michael jordan jessica charlie ashley bailey trustno starwars computer secret summer winter spring autumn internet test guest " +
    "chatroom contraseña contrasena motdepasse senha parola пароль lovely flower pokemon cookie family google samsung changeme default"
  ).split(" "),
);

/** Compared as passwords are, and without regard to case. No password may be longer than the 2,000 units. */
export const normalizePassword = (password: string): string => password.slice(0, 2_000).normalize("NFKC").toLowerCase();

/** Of so many characters of a run or a sequence, as in "aaaa" or "4567", each further one says nothing new. */
const COUNTED = 2;

/** Whether a character follows another one as on a keyboard's row of digits, as b follows a, or the other way round. */
function stepOf(before: string, after: string): number {
  if (before === "9" && after === "0") return 1;
  if (before === "0" && after === "9") return -1;
  return (after.codePointAt(0) ?? 0) - (before.codePointAt(0) ?? 0);
}

/** How many characters of a text can't be told from those before them: a run or a sequence counts as two. */
function surprisesIn(text: string): number {
  const characters = [...text];
  let count = 0;
  let length = 0;
  let step: number | null = null;
  for (const [at, character] of characters.entries()) {
    const next = at === 0 ? null : stepOf(characters[at - 1] ?? "", character);
    const goesOn: boolean = next !== null && Math.abs(next) <= 1 && (length === 1 || next === step);
    length = goesOn ? length + 1 : 1;
    step = goesOn ? next : null;
    if (length <= COUNTED) count += 1;
  }
  return count;
}

/** The shortest text of which a text is a repetition; itself if it is none. Linear, by the prefix function of Knuth, Morris and Pratt. */
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

/** The part between the first and the last letter of a text, and what stands around it. */
function coreOf(text: string): { core: string; rest: string } {
  const characters = [...text];
  const first = characters.findIndex(isLetter);
  if (first === -1) return { core: "", rest: text };
  const end = characters.findLastIndex(isLetter) + 1;
  return { core: characters.slice(first, end).join(""), rest: [...characters.slice(0, first), ...characters.slice(end)].join("") };
}

/** A password of so few surprises is among the first that are guessed, however long it is. */
const LEAST_SURPRISES = 7;

/** What is added to a common word must have more surprises than this, a year not counted. */
const WEAK_REST = 4;

/**
 * Whether a folded password is one that is guessed first: a common one, one repeated, runs and sequences ("aaaaaaaaaab",
 * "1234567890123"), or a common word with little but digits and signs around it ("password123456", "P@ssw0rd2026!").
 */
export function isGuessable(folded: string, isCommon: (word: string) => boolean): boolean {
  const period = periodOf(folded);
  if (isCommon(folded) || isCommon(period) || surprisesIn(folded) < LEAST_SURPRISES) return true;
  const { core, rest } = coreOf(period);
  const added = rest.replace(/(?:19|20)\d\d/, "");
  const isWord = core !== "" && [core, withoutLeet(core), periodOf(core)].some(isCommon);
  return isWord && (surprisesIn(periodOf(added)) <= WEAK_REST || isCommon(rest));
}

/** Names shorter than this are in too many words by chance. */
const SHORTEST_NAME = 3;

/** What is added to a name must itself be worth something. */
const SHORTEST_REST = 6;

const reversed = (text: string): string => [...text].reverse().join("");

/** Whether a password is little more than the username, forwards or backwards. */
function isLikeName(folded: string, username: string, isCommon: (word: string) => boolean): boolean {
  const name = username.toLowerCase();
  if (name.length < SHORTEST_NAME) return false;
  return [name, reversed(name)].some((core) => {
    const rest = folded.replaceAll(core, "");
    return rest.length < folded.length && (rest.length < SHORTEST_REST || isGuessable(rest, isCommon));
  });
}

export type PasswordError = "too_short" | "too_long" | "common" | "like_name";

/** Returns why a password can't be set, or null. The server decides by this rule, and the page shows it while a password is typed. */
export function passwordErrorOf(password: string, username: string | null, isCommon: (word: string) => boolean): PasswordError | null {
  const { min, max } = limits.passwordCharacters;
  // A character takes one or two units; a longer text need not be normalized to be too long.
  if (password.length > 2 * max) return "too_long";
  const folded = normalizePassword(password);
  const length = [...folded].length;
  if (length < min) return "too_short";
  if (length > max) return "too_long";
  if (isGuessable(folded, isCommon)) return "common";
  return username !== null && isLikeName(folded, username, isCommon) ? "like_name" : null;
}
