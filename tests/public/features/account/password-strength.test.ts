import { dictionary } from "@zxcvbn-ts/language-common";
import { describe, expect, it } from "vitest";
import { missingOf, strengthOf } from "../../../../public/src/features/account/password-strength.ts";
import { checkPassword } from "../../../../services/auth/passwords/password-rules.ts";
import { commonWords } from "../../../../utils/contract/passwords.ts";
import { decodeWords, encodeWords } from "../../../../utils/contract/text/word-filter.ts";
import { AppError } from "../../../../utils/errors.ts";

const listed = [...dictionary["passwords-common"].map(String), ...commonWords];
const encoded = encodeWords(listed);
const isCommon = decodeWords(encoded);

/** Returns why the server rejects a password, as the page names it, or null if the server accepts it. */
function rejectionOf(password: string, username: string): string | null {
  try {
    checkPassword(password, username);
    return null;
  } catch (error) {
    const reason = error instanceof AppError ? String(error.data.reason) : "none";
    return ({ too_short: "short", too_long: "long", common: "common", like_name: "name" } as Record<string, string>)[reason] ?? reason;
  }
}

describe("strength of a new password", () => {
  it.each([
    ["", "short"],
    ["123456789", "short"],
    ["a".repeat(1_001), "long"],
    ["aaaaaaaaaaaa", "common"],
    ["0123456789", "common"],
    ["abcdefghijkl", "common"],
    ["password123", "common"],
    ["qwertyuiop1", "common"],
    ["iloveyou2024", "common"],
    ["password123456", "common"],
    ["P@ssw0rd2026!P@ssw0rd2026!", "common"],
    ["monkey12monkey12", "common"],
    ["butterfly1", "common"],
    ["mina.rivers.2026", "name"],
    ["srevir.anim2026", "name"],
  ])("matches the server's verdict: %j is rejected as %s", (password, word) => {
    expect([strengthOf(password, "mina.rivers", isCommon), rejectionOf(password, "mina.rivers")]).toEqual([word, word]);
  });

  it.each([
    ["otterotterx", "weak"],
    ["heron and lynx", "good"],
    ["a river under the bridge", "strong"],
    ["川の流れる橋の下で会おう", "strong"],
  ])("is an estimate if the server accepts the password: %j is %s", (password, word) => {
    expect([strengthOf(password, "mina.rivers", isCommon), rejectionOf(password, "mina.rivers")]).toEqual([word, null]);
  });

  it("is unknown, never good, until the list of common passwords has loaded; other rejections are shown without it", () => {
    expect(["heron and lynx", "butterfly1"].map((password) => strengthOf(password, "", null))).toEqual(["unknown", "unknown"]);
    expect(["password123", "12345", "aaaaaaaaaaaa"].map((password) => strengthOf(password, "", null))).toEqual([
      "common",
      "short",
      "common",
    ]);
  });

  it("counts characters as code points, as the server does, not as UTF-16 units", () => {
    expect([missingOf("🦦🦦🦦🦦🦦"), missingOf("ﬃﬃ")]).toEqual([5, 4]);
  });
});

describe("compact list of common passwords", () => {
  it("contains every entry of the server's list, in less than 90 kB", () => {
    expect(listed.filter((word) => !isCommon(word))).toEqual([]);
    expect(encoded.length).toBeLessThan(90_000);
  });

  it("has a false-positive rate below one in a thousand", () => {
    const found = Array.from({ length: 20_000 }, (_, at) => `unlisted ${at} words`).filter(isCommon);
    expect(found.length).toBeLessThan(20);
  });

  it("supports empty lists and lists with one entry", () => {
    expect(decodeWords(encodeWords([]))("otter")).toBe(false);
    const one = decodeWords(encodeWords(["otter"]));
    expect([one("otter"), one("heron")]).toEqual([true, false]);
  });
});
