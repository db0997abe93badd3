import { skeletonOf } from "./skeleton.ts";

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

/** Words that speak for the site in whatever company, as in "Admin Anna". */
const SPOKESMEN =
  "admin administrator moderator sysadmin administrador moderador administrateur modérateur админ администратор модератор".split(" ");

/** Words that only dress a reserved name up. */
const DRESSING = ["the", "team", "real", "site", "server", "bot", "account", "help", "your", "mr", "ms"];

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

const withoutMarks = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").normalize("NFC");

/** The look of the letters alone, marks aside. */
const lookOf = (text: string): string => skeletonOf(withoutMarks(text).replace(/[^\p{L}]/gu, ""));

const withoutLeet = (text: string): string => text.replace(/[01!|34@5$7]/g, (char) => LEET[char] ?? char);

const trimmed = (text: string): string => text.replace(/^[^\p{L}@$]+|[^\p{L}@$]+$/gu, "");

const reserved = RESERVED.map(lookOf);
const withPlurals = (looks: readonly string[]): Set<string> => new Set(looks.flatMap((look) => [look, `${look}s`]));
const isReservedLook = withPlurals(reserved);
const isSpokesman = withPlurals(SPOKESMEN.map(lookOf));

/** A run of reserved words and dressing, as in "The Admin Team", with at least one reserved word. */
const longestFirst = [...isReservedLook, ...DRESSING.map(lookOf)].sort((a, b) => b.length - a.length);
const run = new RegExp(`^(?:${longestFirst.join("|")})+$`, "u");
const dressing = new RegExp(`^(?:${DRESSING.map(lookOf).join("|")})+$`, "u");

/** A text's letters as they look: as they are, with digits read as letters, and that without what stands around it. */
const looksOf = (text: string): string[] => [lookOf(text), lookOf(withoutLeet(text)), lookOf(withoutLeet(trimmed(text)))];

const wordsOf = (text: string): string[] => text.split(/[^\p{L}\p{M}\p{N}@$!|]+/u);

/**
 * Whether a name speaks for the site: a reserved word, alone or dressed up, or "admin" in any company; also with digits and punctuation around it,
 * spelt with digits for letters, letter by letter, or in letters of another script that look the same.
 */
export function isReservedName(name: string): boolean {
  const plain = name.normalize("NFKC");
  const looks = looksOf(plain);
  if (looks.some((look) => isReservedLook.has(look) || (run.test(look) && !dressing.test(look)))) return true;
  return wordsOf(plain).some((word) => looksOf(word).some((look) => isSpokesman.has(look)));
}
