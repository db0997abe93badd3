import { describe, expect, it } from "vitest";
import * as strength from "../../public/src/features/account/password-strength.ts";
import * as usernameFrom from "../../public/src/features/account/username-from.ts";
import * as completion from "../../public/src/features/composer/completion.ts";
import * as writing from "../../public/src/features/composer/composer-state.ts";
import * as comparable from "../../public/src/shared/text/comparable.ts";
import * as links from "../../public/src/shared/text/links.ts";
import * as markdown from "../../public/src/shared/text/markdown.ts";
import * as people from "../../public/src/shared/text/people-in-text.ts";
import * as letters from "../../public/src/shared/text/pictorial.ts";
import * as deviceName from "../../services/audit/device-name.ts";
import * as passwordRules from "../../services/auth/passwords/password-rules.ts";
import * as contactForms from "../../services/contacts/contact-normalization.ts";
import * as groupName from "../../services/conversations/group-name.ts";
import * as language from "../../services/messages/text/language.ts";
import * as mentions from "../../services/messages/text/mentions.ts";
import * as script from "../../services/messages/text/script.ts";
import * as textRules from "../../services/messages/text/text-rules.ts";
import * as excerpt from "../../services/search/excerpt.ts";
import * as match from "../../services/search/highlight.ts";
import * as tokens from "../../services/search/index/index-tokens.ts";
import * as terms from "../../services/search/query-terms.ts";
import * as lightStems from "../../services/search/text/light-stems.ts";
import * as fold from "../../services/search/text/normalize.ts";
import * as pieces from "../../services/search/text/segments.ts";
import * as stems from "../../services/search/text/stems.ts";
import * as skeleton from "../../services/users/names/confusables.ts";
import * as nameRules from "../../services/users/names/name-rules.ts";
import * as reservedNames from "../../services/users/names/reserved-names.ts";
import * as suggestNames from "../../services/users/names/suggest-names.ts";
import * as usernameRules from "../../services/users/names/username-rules.ts";
import * as profileRules from "../../services/users/profile-rules.ts";
import * as passwords from "../../utils/contract/passwords.ts";
import * as contractGraphemes from "../../utils/contract/text/graphemes.ts";
import * as contractLinks from "../../utils/contract/text/links.ts";
import * as emoji from "../../utils/text/emoji.ts";
import * as graphemes from "../../utils/text/graphemes.ts";
import * as languages from "../../utils/text/languages.ts";
import * as marks from "../../utils/text/marks.ts";
import { growingOn } from "../support/texts/growth.ts";

type Calls = Readonly<Record<string, (text: string) => unknown>>;

/** The functions of a file that receive untrusted text, each with a call, and in `others` those that receive none or only bounded text. */
type File = { readonly exports: object; readonly calls: Calls; readonly others?: readonly string[] };

const message = (text: string) => ({ id: "m", seq: 1, author: { displayName: "Ann" }, text }) as Parameters<typeof writing.quoteOf>[0];
const target = { href: "https://a.example/", host: "a.example" };

const bare = new Map([["en", ["a"]]]);
const term = { kind: "word", text: "a", stems: bare, bare: ["a"] } as const;

const files: Readonly<Record<string, File>> = {
  "services/search/text/normalize": {
    exports: fold,
    calls: { normalizeText: fold.normalizeText, normalizeWord: fold.normalizeWord, withoutExcessMarks: fold.withoutExcessMarks },
  },
  "services/search/text/segments": { exports: pieces, calls: { segmentsOf: pieces.segmentsOf } },
  "services/search/query-terms": { exports: terms, calls: { termsOf: terms.termsOf }, others: ["indexKeys"] },
  "services/search/index/index-tokens": {
    exports: tokens,
    calls: {
      textTokens: (text) => tokens.textTokens(text, ["en", "es", "de", "ja", "ko"]),
      gramsOf: tokens.gramsOf,
      wordToken: tokens.wordToken,
    },
    others: ["gramToken", "stemToken", "roomToken", "loungeToken", "authorToken", "hasToken"],
  },
  "services/search/highlight": {
    exports: match,
    calls: { matchesIn: (text) => match.matchesIn(text, { terms: [term, { ...term, kind: "dense" }], languages: ["en", "ja"] }) },
  },
  "services/search/excerpt": {
    exports: excerpt,
    calls: { excerptAround: (text) => excerpt.excerptAround(text, [{ start: 9_000, end: 9_001 }]) },
  },
  "services/search/text/stems": { exports: stems, calls: {}, others: ["languagesOfWord", "languagesOfQueryWord", "stemsOf"] },
  "services/search/text/light-stems": {
    exports: lightStems,
    calls: { ...lightStems },
  },
  "utils/text/marks": {
    exports: marks,
    calls: {
      hasPiledMarks: marks.hasPiledMarks,
      truncateUnits: (text) => marks.truncateUnits(text, 8_000),
      normalizeBounded: (text) => [marks.normalizeBounded(text, "NFKC", 20_000), marks.normalizeBounded(text, "NFD", 20_000)],
    },
  },
  "utils/text/graphemes": {
    exports: graphemes,
    calls: {
      countGraphemes: (text) => graphemes.countGraphemes(text),
      exceedsGraphemes: (text) => graphemes.exceedsGraphemes(text, 4_000),
      firstGraphemes: (text) => graphemes.firstGraphemes(text, 140),
      graphemeStart: (text) => graphemes.graphemeStart(text, text.length / 2),
    },
  },
  "utils/contract/text/graphemes": { exports: contractGraphemes, calls: {}, others: ["countGraphemes", "firstGrapheme", "firstGraphemes"] },
  "utils/contract/passwords": {
    exports: passwords,
    calls: {
      normalizePassword: passwords.normalizePassword,
      isGuessable: (text) => passwords.isGuessable(text, () => false),
      passwordErrorOf: (text) => passwords.passwordErrorOf(text.slice(0, 2_000), "mina", () => false),
    },
  },
  "utils/text/emoji": { exports: emoji, calls: { emojiOf: emoji.emojiOf } },
  "utils/text/languages": {
    exports: languages,
    calls: { preferredLanguage: languages.preferredLanguage, firstSupported: (text) => languages.firstSupported([text]) },
  },
  "services/messages/text/text-rules": { exports: textRules, calls: { checkedText: textRules.checkedText } },
  "utils/contract/text/links": { exports: contractLinks, calls: { hasLink: contractLinks.hasLink } },
  "services/messages/text/mentions": {
    exports: mentions,
    calls: { namedIn: (text) => [mentions.namedIn(text), mentions.namedIn(`@${text}`)] },
    others: ["findMentions", "filterReaders"],
  },
  "services/messages/text/script": { exports: script, calls: { sampleOf: (text) => script.sampleOf(text, 80) } },
  "services/messages/text/language": {
    exports: language,
    calls: {},
    // It scans the sample that `sampleOf` takes.
    others: ["detectLanguage"],
  },
  "services/users/names/confusables": {
    exports: skeleton,
    calls: { skeletonOf: skeleton.skeletonOf, withoutNegatives: skeleton.withoutNegatives },
  },
  "services/users/names/reserved-names": { exports: reservedNames, calls: { isReservedName: reservedNames.isReservedName } },
  "services/users/names/name-rules": { exports: nameRules, calls: { readName: nameRules.readName } },
  "services/users/names/username-rules": {
    exports: usernameRules,
    calls: {
      normaliseUsername: usernameRules.normaliseUsername,
      isUsername: usernameRules.isUsername,
      isAllowedUsername: usernameRules.isAllowedUsername,
      readUsername: usernameRules.readUsername,
    },
  },
  "services/users/names/suggest-names": {
    exports: suggestNames,
    calls: { variationsOf: suggestNames.variationsOf },
    others: ["randomName", "findFreeNames", "nameTaken"],
  },
  "services/users/profile-rules": {
    exports: profileRules,
    calls: {
      readBio: profileRules.readBio,
      readLine: (text) => profileRules.readLine("name", text, { max: 300 }),
      readPronouns: profileRules.readPronouns,
    },
  },
  "services/contacts/contact-normalization": {
    exports: contactForms,
    calls: {
      parseEmail: (text) => [
        contactForms.parseEmail(text),
        contactForms.parseEmail(`${text}@example.org`),
        contactForms.parseEmail(`a@${text}`),
      ],
      normaliseEmail: contactForms.normaliseEmail,
      parsePhone: (text) => [contactForms.parsePhone(text), contactForms.parsePhone(`+49${text}`)],
      normalisePhone: (text) => contactForms.normalisePhone(text, ["DE", "US"]),
    },
    others: ["prefixOf", "maskEmail", "maskPhone"],
  },
  "services/conversations/group-name": { exports: groupName, calls: { readGroupName: groupName.readGroupName } },
  "services/auth/passwords/password-rules": {
    exports: passwordRules,
    calls: { checkPassword: (text) => passwordRules.checkPassword(text.slice(0, 2_000), "aaa") },
  },
  "services/audit/device-name": { exports: deviceName, calls: { deviceName: deviceName.deviceName } },
  "public/src/shared/text/markdown": { exports: markdown, calls: { markdownOf: markdown.markdownOf } },
  "public/src/shared/text/links": {
    exports: links,
    calls: { ...links, hostLabel: (text) => links.hostLabel(text, target) },
  },
  "public/src/shared/text/people-in-text": { exports: people, calls: { peopleIn: people.peopleIn } },
  "public/src/shared/text/comparable": { exports: comparable, calls: { ...comparable } },
  "public/src/shared/text/letters": { exports: letters, calls: { ...letters } },
  "public/src/features/composer/completion": {
    exports: completion,
    calls: {
      begunIn: (text) => completion.begunIn(text, text.length),
      peopleNamed: (text) => [
        completion.peopleNamed([{ id: "1", displayName: text }], "ann", null),
        completion.peopleNamed([{ id: "1", displayName: "Ann" }], text, null),
      ],
    },
    others: ["completed"],
  },
  "public/src/features/composer/composer-state": {
    exports: writing,
    calls: { quoteOf: (text) => writing.quoteOf(message(text)), toWire: (text) => writing.toWire(text, { "@a": "1", "@a.": "2" }) },
    others: ["startWriting", "toField"],
  },
  "public/src/features/account/username-from": { exports: usernameFrom, calls: { ...usernameFrom } },
  "public/src/features/account/password-strength": {
    exports: strength,
    calls: { strengthOf: (text) => strength.strengthOf(text.slice(0, 2_000), "mina", () => false), missingOf: strength.missingOf },
  },
};

describe.each(Object.entries(files))("the functions of %s on untrusted text", (_path, { exports, calls, others = [] }) => {
  it("are all measured, or listed as receiving only bounded text", () => {
    const functions = Object.entries(exports).flatMap(([name, value]) => (typeof value === "function" ? [name] : []));
    expect([...Object.keys(calls), ...others].sort()).toEqual(functions.sort());
  });

  it.each(Object.entries(calls))("%s: takes no longer than n·log n on any text", async (_name, call) => {
    expect(await growingOn(call)).toEqual([]);
  });
});
