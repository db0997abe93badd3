import { normalizeBounded } from "../../../utils/text/marks.ts";
import { skeletonOf, withoutNegatives } from "./confusables.ts";

/** A name is at most 200 code points; of a longer text only the beginning is looked at. */
const UNITS = 400;

/** Names that speak for the site, in the languages its rooms begin with. */
const RESERVED = [
  ..."admin administrator administration moderator moderation mod sysadmin sysop system staff support root owner chatroom official".split(
    " ",
  ),
  ..."webmaster postmaster hostmaster helpdesk security operator superuser founder former-guest deleted-user everyone here nobody null undefined".split(
    " ",
  ),
  ..."administrador administradora moderador moderadora soporte sistema equipo suporte équipe administrateur modérateur modératrice système".split(
    " ",
  ),
  ..."administratorin moderatorin amministratore moderatore supporto assistenza админ администратор модератор поддержка система".split(" "),
  ..."管理员 管理員 版主 官方 客服 系统 系統 管理者 運営 公式 モデレーター サポート 관리자 운영자 운영진 공식".split(" "),
  ..."مدير مشرف الإدارة الدعم ผู้ดูแล ผู้ดูแลระบบ แอดมิน".split(" "),
];

/** Words that speak for the site in whatever company, as in "Admin Anna", also at either end of a word, as in "AdminAnna". */
const SPOKESMEN =
  "admin administrator moderator sysadmin administrador moderador administrateur modérateur админ администратор модератор".split(" ");

/** Words that only dress a reserved word up, as in "Customer Support". Shorter ones would be part of too many names: mod and us make "modus". */
const DRESSING = [
  ..."the team real site server bot account help your mr ms".split(" "),
  ..."member customer client service services desk chat community live online care head chief senior lead user agent human crew".split(" "),
  ..."department global people group".split(" "),
];

const LEET: Readonly<Record<string, string>> = {
  "0": "o",
  "1": "i",
  "!": "i",
  "|": "i",
  "3": "e",
  "4": "a",
  "@": "a",
  "5": "s",
  $: "s",
  "7": "t",
};

const withoutMarks = (text: string): string => normalizeBounded(text, "NFKD", UNITS).replace(/\p{M}/gu, "").normalize("NFC");

/** The look of the letters alone, marks aside. */
const lookOf = (text: string): string => skeletonOf(withoutMarks(text).replace(/[^\p{L}]/gu, ""));

const withoutLeet = (text: string): string => text.replace(/[01!|34@5$7]/g, (char) => LEET[char] ?? char);

/** The letters of flags, which are drawn as letters where there are no flags. */
const withoutFlags = (text: string): string =>
  text.replace(/[\u{1F1E6}-\u{1F1FF}]/gu, (letter) => String.fromCharCode(65 + (letter.codePointAt(0) ?? 0) - 0x1f1e6));

const SURROUNDING = /[^\p{L}@$]/u;

function trimmed(text: string): string {
  const characters = [...text];
  const isInner = (character: string): boolean => !SURROUNDING.test(character);
  const first = characters.findIndex(isInner);
  return first === -1 ? "" : characters.slice(first, characters.findLastIndex(isInner) + 1).join("");
}

/** A letter that is written several times is written once: "Adminn", "Stafff". An m looks like rn. */
const withoutRepeats = (look: string): string => look.replace(/(rn|\p{L})\1+/gu, "$1");

const withPlurals = (looks: readonly string[]): string[] => looks.flatMap((look) => [look, `${look}s`]);

const reserved = withPlurals(RESERVED.map(lookOf));
const dressing = DRESSING.map(lookOf);
const spokesmen = SPOKESMEN.map(lookOf);

/** Shorter words become other words when a letter is left out: "root" becomes "rot". */
const SHORTEST_REPEATED = 5;

const isReservedWord = new Set([...reserved, ...reserved.filter(({ length }) => length >= SHORTEST_REPEATED).map(withoutRepeats)]);
const isDressing = new Set(dressing);
const longestWord = Math.max(...[...isReservedWord, ...isDressing].map(({ length }) => length));

/**
 * Whether a look is a run of reserved words and dressing, as in "The Admin Team", with at least one reserved word. Each place of the
 * text is looked at once: `plain` holds the places that dressing alone leads to, `official` those with a reserved word before them.
 */
function isRun(look: string): boolean {
  const plain = new Set([0]);
  const official = new Set<number>();
  for (let from = 0; from < look.length; from += 1) {
    if (!plain.has(from) && !official.has(from)) continue;
    for (let to = from + 1; to <= Math.min(look.length, from + longestWord); to += 1) {
      const word = look.slice(from, to);
      if (isReservedWord.has(word)) official.add(to);
      if (isDressing.has(word) && official.has(from)) official.add(to);
      if (isDressing.has(word) && plain.has(from)) plain.add(to);
    }
  }
  return official.has(look.length);
}

/** One or more x at both ends are decoration, as in "xXAdminXx". */
const withoutFrame = (look: string): string => look.replace(/^x+(?=[^x])/, "").replace(/(?<=[^x])x{1,8}$/, "");

/** Whether a word begins or ends with one that speaks for the site. Words that have it in their middle, such as "badminton", do not. */
function isSpokesman(look: string): boolean {
  const plain = withoutRepeats(withoutFrame(look));
  return spokesmen.some((word) => {
    const spoken = withoutRepeats(word);
    return plain.startsWith(spoken) || plain.endsWith(spoken) || plain.endsWith(`${spoken}s`);
  });
}

/** A text's letters as they look: as they are, with digits or flags read as letters, and the first without what stands around it. */
const looksOf = (text: string): string[] => [
  lookOf(text),
  lookOf(withoutLeet(text)),
  lookOf(withoutLeet(trimmed(text))),
  lookOf(withoutFlags(text)),
];

const SEPARATORS = /[^\p{L}\p{M}\p{N}\p{S}@$!|]+/u;

/** Where a capital begins a word inside a word: The|Admin|Guy, X|Admin. */
const CAPITALS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

const wordsOf = (text: string): string[] => text.split(SEPARATORS).flatMap((word) => [word, ...word.split(CAPITALS)]);

/**
 * Whether a name speaks for the site. It does if, read in letters that only look alike, with digits for letters, letter by letter,
 * with repeated letters, and without the digits and the punctuation around it,
 *
 * - all of it is a reserved word, or reserved words with words that dress them up ("The Admin Team", "Customer Support"); or
 * - one of its words is, begins with or ends with a word such as "admin" or "moderator" ("Admin Anna", "AdminAnna", "xAdminx").
 *
 * Such a word in the middle of another word is not reserved: "Badminton" and "Padmini" are names.
 */
export function isReservedName(name: string): boolean {
  const plain = withoutNegatives(normalizeBounded(name, "NFKC", UNITS));
  if (looksOf(plain).some((look) => isReservedWord.has(look) || isReservedWord.has(withoutRepeats(look)) || isRun(look))) return true;
  return wordsOf(plain).some((word) => looksOf(word).some(isSpokesman));
}
