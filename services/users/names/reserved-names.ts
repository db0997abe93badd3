import { normalizeBounded } from "../../../utils/text/marks.ts";
import { skeletonOf, withoutNegatives } from "./confusables.ts";

/** The compared length in UTF-16 units. A name is at most 200 code points; of a longer text only the beginning is checked. */
const UNITS = 400;

/** Names that claim to represent the site, in common languages. */
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

/** Words that claim to represent the site in any combination, as in "Admin Anna", also at either end of a word, as in "AdminAnna". */
const OFFICIAL =
  "admin administrator moderator sysadmin administrador moderador administrateur modérateur админ администратор модератор".split(" ");

/** Words that only decorate a reserved word, as in "Customer Support". Shorter ones are part of too many names: mod and us make "modus". */
const DECORATION = [
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

/** Returns the skeleton of the letters alone, without marks. */
const skeletonOfLetters = (text: string): string => skeletonOf(withoutMarks(text).replace(/[^\p{L}]/gu, ""));

const withoutLeet = (text: string): string => text.replace(/[01!|34@5$7]/g, (char) => LEET[char] ?? char);

/** Replaces regional indicators, which platforms without flags display as letters, by capitals. */
const withoutFlags = (text: string): string =>
  text.replace(/[\u{1F1E6}-\u{1F1FF}]/gu, (letter) => String.fromCharCode(65 + (letter.codePointAt(0) ?? 0) - 0x1f1e6));

const SURROUNDING = /[^\p{L}@$]/u;

function trimmed(text: string): string {
  const characters = [...text];
  const isInner = (character: string): boolean => !SURROUNDING.test(character);
  const first = characters.findIndex(isInner);
  return first === -1 ? "" : characters.slice(first, characters.findLastIndex(isInner) + 1).join("");
}

/** Collapses repeated letters: "Adminn", "Stafff". The skeleton of m is rn. */
const withoutRepeats = (skeleton: string): string => skeleton.replace(/(rn|\p{L})\1+/gu, "$1");

const withPlurals = (skeletons: readonly string[]): string[] => skeletons.flatMap((skeleton) => [skeleton, `${skeleton}s`]);

const reserved = withPlurals(RESERVED.map(skeletonOfLetters));
const decoration = DECORATION.map(skeletonOfLetters);
const officialWords = OFFICIAL.map(skeletonOfLetters);

/** Repeats are ignored only in words of at least this length: without its repeated letter the shorter "root" becomes "rot". */
const SHORTEST_REPEATED = 5;

const isReservedWord = new Set([...reserved, ...reserved.filter(({ length }) => length >= SHORTEST_REPEATED).map(withoutRepeats)]);
const isDecoration = new Set(decoration);
const longestWord = Math.max(...[...isReservedWord, ...isDecoration].map(({ length }) => length));

/**
 * Whether a look is a sequence of reserved words and decoration, as in "The Admin Team", with at least one reserved word. Visits each
 * position once: `plain` contains the positions reached by decoration alone, `official` those reached with a reserved word.
 */
function isRun(skeleton: string): boolean {
  const plain = new Set([0]);
  const official = new Set<number>();
  for (let from = 0; from < skeleton.length; from += 1) {
    if (!plain.has(from) && !official.has(from)) continue;
    for (let to = from + 1; to <= Math.min(skeleton.length, from + longestWord); to += 1) {
      const word = skeleton.slice(from, to);
      if (isReservedWord.has(word)) official.add(to);
      if (isDecoration.has(word) && official.has(from)) official.add(to);
      if (isDecoration.has(word) && plain.has(from)) plain.add(to);
    }
  }
  return official.has(skeleton.length);
}

/** Removes x at both ends, which is decoration, as in "xXAdminXx". */
const withoutFrame = (skeleton: string): string => skeleton.replace(/^x+(?=[^x])/, "").replace(/(?<=[^x])x{1,8}$/, "");

/** Whether a word begins or ends with one that represents the site. Words with it in their middle, such as "badminton", do not count. */
function containsOfficialWord(skeleton: string): boolean {
  const plain = withoutRepeats(withoutFrame(skeleton));
  return officialWords.some((word) => {
    const collapsed = withoutRepeats(word);
    return plain.startsWith(collapsed) || plain.endsWith(collapsed) || plain.endsWith(`${collapsed}s`);
  });
}

/** Returns the skeletons of a text: as it is, with leetspeak as letters, the same without surrounding characters, and flags as letters. */
const skeletonsOf = (text: string): string[] => [
  skeletonOfLetters(text),
  skeletonOfLetters(withoutLeet(text)),
  skeletonOfLetters(withoutLeet(trimmed(text))),
  skeletonOfLetters(withoutFlags(text)),
];

const SEPARATORS = /[^\p{L}\p{M}\p{N}\p{S}@$!|]+/u;

/** Matches where a capital begins a word inside a word: The|Admin|Guy, X|Admin. */
const CAPITALS = /(?<=\p{Ll})(?=\p{Lu})|(?<=\p{Lu})(?=\p{Lu}\p{Ll})/gu;

const wordsOf = (text: string): string[] => text.split(SEPARATORS).flatMap((word) => [word, ...word.split(CAPITALS)]);

/**
 * Whether a name claims to represent the site. The comparison ignores confusable letters, digits in place of letters, separators between
 * letters, repeated letters, and surrounding digits and punctuation. A name is reserved if
 *
 * - all of it is a reserved word, or reserved words with decoration ("The Admin Team", "Customer Support"); or
 * - one of its words is, begins with or ends with a word such as "admin" or "moderator" ("Admin Anna", "AdminAnna", "xAdminx").
 *
 * Such a word in the middle of another word is not reserved: "Badminton" and "Padmini" are names.
 */
export function isReservedName(name: string): boolean {
  const plain = withoutNegatives(normalizeBounded(name, "NFKC", UNITS));
  if (
    skeletonsOf(plain).some((skeleton) => isReservedWord.has(skeleton) || isReservedWord.has(withoutRepeats(skeleton)) || isRun(skeleton))
  )
    return true;
  return wordsOf(plain).some((word) => skeletonsOf(word).some(containsOfficialWord));
}
