import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { skeletonOf } from "../../../../services/users/names/confusables.ts";
import { readName } from "../../../../services/users/names/name-rules.ts";
import { isReservedName } from "../../../../services/users/names/reserved-names.ts";
import { randomName, variationsOf } from "../../../../services/users/names/suggest-names.ts";
import { countGraphemes } from "../../../../utils/text/graphemes.ts";

const resultOf = (raw: string): unknown => {
  try {
    return readName(raw);
  } catch (error) {
    return error;
  }
};

describe("validating a display name", () => {
  it.each([
    ["Latin", "Anna-Lena O'Neil"],
    ["accents", "José Ünï"],
    ["Vietnamese", "Nguyễn Thị Ệ"],
    ["Chinese", "小明"],
    ["Japanese", "さくら 花子"],
    ["Korean", "김민수"],
    ["Arabic", "محمد علي"],
    ["Arabic with vowel signs", "مُحَمَّد"],
    ["Persian with its non-joiner", "علی\u200cرضا"],
    ["Hebrew with points", "שָׁלוֹם"],
    ["Hindi", "क्षत्रिय"],
    ["Malayalam with its joiner", "അവന്\u200dറ"],
    ["Thai", "ไม่เป็นไร"],
    ["Burmese", "ကြွေး"],
    ["emoji and letters", "👩‍💻 dev"],
    ["emoji alone", "🔥❤️"],
    ["the flag of England", "🏴󠁧󠁢󠁥󠁮󠁧󠁿 fan"],
    ["digits", "42"],
    ["32 characters", "x".repeat(32)],
    ["32 emoji of several code points", "👩‍💻".repeat(32)],
  ])("accepts %s", (_what, name) => {
    expect(resultOf(name)).toBe(name.normalize("NFC"));
  });

  it("composes it, trims it and collapses spaces", () => {
    expect(readName("  Jose\u0301 \u00a0  Maria\u3000")).toBe("José Maria");
  });

  it.each([
    ["one character", "a"],
    ["33 characters", "x".repeat(33)],
    ["nothing but spaces", "   "],
    ["nothing but punctuation", "..-.."],
    ["a line break", "ab\ncd"],
    ["a tab", "ab\tcd"],
    ["NUL", "ab\u0000cd"],
    ["an escape sequence", "ab\u001b[31mcd"],
    ["a direction override", "ab\u202Ecd"],
    ["a direction isolate", "ab\u2066cd"],
    ["an Arabic letter mark", "ab\u061ccd"],
    ["a zero-width space", "an\u200Bna"],
    ["a joiner between Latin letters", "an\u200dna"],
    ["a non-joiner between Latin letters", "an\u200cna"],
    ["a byte order mark", "an\ufeffna"],
    ["a soft hyphen", "an\u00adna"],
    ["a variation selector", "an\ufe0fna"],
    ["Hangul fillers", "\u3164\u3164"],
    ["Braille blanks", "\u2800\u2800"],
    ["tag characters", "ab\u{E0061}"],
    ["a private character", "ab\uE000"],
    ["an unassigned character", "ab\u0378"],
    ["half a surrogate pair", "ab\ud800"],
    ["an enclosing mark", "a\u20ddb"],
    ["marks piled three high", "a\u0301\u0302\u0303b"],
    ["marks piled thirty high", `z${"\u0300\u0336\u0321".repeat(10)}algo`],
    ["a mark before its first letter", "\u0301ab"],
    ["ten thousand emoji", "🔥".repeat(10_000)],
    ["ten thousand marks", `a${"\u0300\u0316".repeat(5_000)}`],
    ["few but endless emoji", "👨‍👩‍👧‍👦".repeat(32)],
  ])("rejects %s", (_what, name) => {
    expect(resultOf(name)).toMatchObject({ code: "invalid_input", data: { errors: [{ path: "displayName" }] } });
  });

  it("any input: is rejected, or becomes a short name without invisible characters that is stable when validated again", () => {
    const tricky = fc.constantFrom(..."aZ9éعक한日 .🔥\u0301\u0302\u094d\u200c\u200d\u00a0\ufe0f", "👩‍💻", "\u202e", "\u1100", "\ud800");
    const unit = fc.oneof(
      { weight: 3, arbitrary: tricky },
      { weight: 1, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 1 }) },
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (raw) => {
        const name = resultOf(raw);
        if (typeof name !== "string") {
          expect(name).toMatchObject({ code: "invalid_input" });
          return;
        }
        expect(readName(name)).toBe(name);
        expect(countGraphemes(name)).toBeLessThanOrEqual(32);
        expect(name).not.toMatch(/[\u0000-\u001f\u202a-\u202e\u2066-\u2069\u200b\ufeff]/u);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the skeleton of a name", () => {
  it.each([
    ["another script", "Anna", "Аnnа"],
    ["case", "Anna", "ANNA"],
    ["full width", "Anna", "Ａｎｎａ"],
    ["mathematical letters", "Anna", "𝐀𝓷𝔫𝕒"],
    ["a capital I for an l", "Paul", "PauI"],
    ["one for l", "Paul", "Pau1"],
    ["zero for o", "Robot", "R0b0t"],
    ["r and n for m", "Emma", "Ernrna"],
    ["two v for w", "Willow", "VVillovv"],
    ["small capitals", "Anna Marek", "ᴀɴɴᴀ ᴍᴀʀᴇᴋ"],
    ["letters in black squares and circles", "Anna", "🅰🅽🅽🅐"],
    ["Cherokee letters", "Hanna", "Ꮋꭺɴɴꭺ"],
    ["spaces and punctuation", "Anna Lee", "_Anna.Lee_"],
    ["invisible characters", "Anna", "An\u200bna"],
  ])("ignores %s", (_what, one, other) => {
    expect(skeletonOf(other)).toBe(skeletonOf(one));
  });

  it.each([
    ["Anna", "Anne"],
    ["Jose", "José"],
    ["小明", "小红"],
    ["🔥🔥", "🔥❤"],
    ["Anna 1", "Anna 2"],
  ])("distinguishes %s from %s", (one, other) => {
    expect(skeletonOf(other)).not.toBe(skeletonOf(one));
  });

  it("starts with the skeleton of any prefix of the name, so that people are found while a name is typed", () => {
    for (const name of ["willow", "savvy", "emma", "ᴍᴀʀᴡᴀ"])
      for (let end = 1; end < name.length; end += 1) expect(skeletonOf(name).startsWith(skeletonOf(name.slice(0, end)))).toBe(true);
  });

  it("follows Unicode's confusables table, for letters that map to two letters and to one", () => {
    expect([skeletonOf("æ"), skeletonOf("ﬁ"), skeletonOf("㏂")]).toEqual([skeletonOf("ae"), skeletonOf("fi"), skeletonOf("a.m.")]);
  });
});

describe("reserved names", () => {
  const list = (names: string): string[] => names.split("|");

  it.each([
    ...list("admin|аdmin|ADMIN|AdmIn_1|admin 42|adm1n|4dm1n|@dmin|a d m i n|ａｄｍｉｎ|ádmin|𝒶dmin|Adm!n"),
    ...list("The Admin Team|Admin Anna|anna (moderator)|rnod|m0d|mods!|ѕtaff|r00t|Chatroom Support"),
    ...list("administrat0r|Former Guest|former_guest|SYSTEM|Official|管理员|админ|관리자"),
  ])("include %s", (name) => {
    expect(isReservedName(name)).toBe(true);
  });

  it.each([
    ...list("ᴀᴅᴍɪɴ|ᴍᴏᴅᴇʀᴀᴛᴏʀ|ᴀdmin|ꜱᴛᴀꜰꜰ|ꜱᴜᴘᴘᴏʀᴛ|sysᴀdmin|🅰dmin|🅐🅓🅜🅘🅝|🇦🇩🇲🇮🇳|ꭺdmin|Ꭺdmin|аԁмin|Stаff member"),
    ...list("ΛDMIN|ADMIИ|ovvner"),
  ])("include look-alike spellings: %s", (name) => {
    expect(isReservedName(name)).toBe(true);
  });

  it.each([
    ...list("Customer Support|Staff member|StaffMember|Support team|Support Agent|Live Support"),
    ...list("Head Moderator|Mod 🇩🇪|staff ✔"),
  ])("include combinations with other words: %s", (name) => {
    expect(isReservedName(name)).toBe(true);
  });

  it.each([...list("Adminn|Admmin|Stafff|AdminAnna|AnnaAdmin|annaadmin|xAdminx|xX_Admin_Xx|xXAdminXx|TheAdminGuy"), ...list("Adminaya")])(
    "include spellings with added letters: %s",
    (name) => {
      expect(isReservedName(name)).toBe(true);
    },
  );

  it.each([
    ...list("Anna|Moda|Modesty|Badminton|Padmini|Stafford|Amod|Bot|The Team|Amir|Tom|Rooty|Ana Support Smith"),
    ...list("Quiet Otter 42|Modus|Modric|Amodeo|Lead Singer|Head|Customer|Online|Alexx|Xavier|Rot|Systema"),
    ...list("Herod|Vladimir|Jasmin|Siddharth|Broadminded|Supporters Club Berlin|Security Matters|Мира|Мадина"),
    ...list("Максим|Модест|小明|김민수|محمد|さくら"),
  ])("do not include %s", (name) => {
    expect(isReservedName(name)).toBe(false);
  });
});

describe("suggesting a name", () => {
  it("returns valid names that are not reserved", () => {
    for (const name of [...Array.from({ length: 200 }, randomName), ...variationsOf("Anna"), ...variationsOf("x".repeat(32))]) {
      expect(readName(name)).toBe(name);
      expect(isReservedName(name)).toBe(false);
    }
  });
});
