import { describe, expect, it } from "vitest";
import { newSecret, stepOfCode, totpUri } from "../../../../../services/auth/factors/totp/code.ts";
import { codeAt } from "../../../../support/fakes/authenticator-app.ts";

/** The secret of RFC 6238's appendix B, "12345678901234567890", in Base32. */
const SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

/** Its table for SHA-1, the last six of eight digits. */
const TABLE = [
  [59, "287082"],
  [1_111_111_109, "081804"],
  [1_111_111_111, "050471"],
  [1_234_567_890, "005924"],
  [2_000_000_000, "279037"],
  [20_000_000_000, "353130"],
] as const;

const at = (seconds: number): Date => new Date(seconds * 1_000);

describe("verifying a TOTP code", () => {
  it.each(TABLE)("accepts the code of RFC 6238 at second %i", (seconds, code) => {
    expect(stepOfCode(SECRET, code, at(seconds))).toBe(BigInt(Math.floor(seconds / 30)));
    expect(codeAt(SECRET, at(seconds))).toBe(code);
  });

  it("accepts codes from one step before to one step after, and returns their step", () => {
    const code = "005924";
    const step = BigInt(Math.floor(1_234_567_890 / 30));
    const found = [-61, -60, -30, 0, 29, 30, 59, 60].map((seconds) => stepOfCode(SECRET, code, at(1_234_567_890 + seconds)));
    expect(found).toEqual([null, null, step, step, step, step, step, null]);
  });

  it.each(["", "05924", "0005924", "５９２４００", "005925", "-05924", "00592x"])("rejects %j", (code) => {
    expect(stepOfCode(SECRET, code, at(1_234_567_890))).toBeNull();
  });

  it("generates a different secret each time", () => {
    expect(new Set(Array.from({ length: 50 }, newSecret)).size).toBe(50);
  });

  it("encodes special characters of account names in the otpauth URI", () => {
    const uri = new URL(totpUri(SECRET, { issuer: "The Chatroom (a:b)", label: "ann&bob?x=1" }));
    expect([uri.searchParams.get("secret"), uri.searchParams.get("x")]).toEqual([SECRET, null]);
    expect(decodeURIComponent(uri.pathname)).toContain("ann&bob?x=1");
  });
});
