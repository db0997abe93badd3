import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { findNonce } from "../../../../public/src/features/session/proof-of-work-solver.ts";
import { leadingZeroBits } from "../../../../services/guests/proof-of-work.ts";

const hashOf = (token: string, nonce: string): Buffer => createHash("sha256").update(`${token}:${nonce}`).digest();

describe("the solver of a proof of work", () => {
  // The lengths around a multiple of 64 bytes put the nonce and the padding into one or two blocks.
  it.each([0, 1, 40, 45, 46, 47, 54, 55, 56, 62, 63, 64, 119, 300])("finds a nonce for a token of %s characters", (length) => {
    const token = "t".repeat(length);
    const nonce = findNonce(token, 8);
    expect(nonce).toMatch(/^[0-9a-z]{1,32}$/);
    expect(leadingZeroBits(hashOf(token, nonce ?? ""))).toBeGreaterThanOrEqual(8);
  });

  it("returns null after the given attempts, and continues where they ended", () => {
    const nonce = findNonce("a token", 12) ?? "";
    const attempts = Number.parseInt(nonce, 36);
    expect(findNonce("a token", 12, { to: attempts })).toBeNull();
    expect(findNonce("a token", 12, { from: attempts })).toBe(nonce);
  });
});

describe("the leading zero bits of a hash", () => {
  it.each([
    [[0x80, 0], 0],
    [[0x01, 0], 7],
    [[0, 0x40], 9],
    [[0, 0], 16],
  ])("are counted in %j as %i", (bytes, bits) => expect(leadingZeroBits(Uint8Array.from(bytes))).toBe(bits));
});
