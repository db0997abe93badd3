import { describe, expect, it } from "vitest";
import { checkPassword } from "../../../../services/auth/passwords/password-rules.ts";
import { AppError } from "../../../../utils/errors.ts";

function faultOf(password: string, username: string | null = null): unknown {
  try {
    checkPassword(password, username);
    return null;
  } catch (error) {
    return error instanceof AppError ? (error.data.reason ?? error.code) : error;
  }
}

describe("checking a new password", () => {
  it.each([
    ["ten uncommon letters", "vqzjkwmxpd"],
    ["lower case alone, without digits or signs", "correct horse battery staple"],
    ["any script", "пароль на кириллице"],
    ["ten pictures", "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵"],
    ["a thousand characters", "ab".repeat(500)],
    ["spaces at both ends", "  seven c  "],
    ["a common word with enough beside it", "password 83019 47562"],
    ["two words and digits", "turtle-lantern-77"],
    ["digits in no order", "8301947562"],
  ])("accepts %s", (_what, password) => {
    expect(faultOf(password)).toBeNull();
  });

  it.each([
    ["too_short", "vqzjkwmxp"],
    ["too_short", "🦊🐻🐼🐨🐯🦁🐮🐷🐸"],
    ["too_long", "ab".repeat(500).concat("c")],
    ["common", "1234567890"],
    ["common", "PASSWORDpassword"],
    ["common", "ｑｗｅｒｔｙｕｉｏｐ"],
    ["common", "zzzzzzzzzzzzzz"],
    ["common", "password123456"],
    ["common", "1234567890123"],
    ["common", "iloveyou123456"],
    ["common", "abcdefghijklmno"],
    ["common", "aaaaaaaaaab"],
    ["common", "zyxwvutsrqponm"],
    ["common", "aaaabbbbcccc"],
    ["common", "P@ssw0rd2026!"],
    ["common", "!!Dragon!!2026"],
    ["common", "dragondragondragon"],
    ["common", "sunshine19871987"],
    ["invalid_input", `broken \uD800 pair`],
  ])("rejects as %s: %s", (reason, password) => {
    expect(faultOf(password)).toBe(reason);
  });

  it.each(["anna.lena42", "Anna.Lena42", "xanna.lena", "24anel.anna", "anna.lenaanna.lena", "anna.lena123456", "!anna.lena!!"])(
    "is not the username in disguise: %s",
    (password) => {
      expect(faultOf(password, "anna.lena")).toBe("like_name");
      expect(faultOf(password, "somebody")).toBeNull();
    },
  );

  it("accepts a password that contains the username with enough other text", () => {
    expect(faultOf("anna.lena likes turtles", "anna.lena")).toBeNull();
    expect(faultOf("algal palms", "al")).toBeNull();
  });
});
