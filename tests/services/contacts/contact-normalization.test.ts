import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { maskEmail, maskPhone, parseEmail, parsePhone, prefixOf } from "../../../services/contacts/contact-normalization.ts";

describe("normalizing an e-mail address", () => {
  it.each([
    [" Ann@EXAMPLE.org ", "Ann@example.org"],
    ["ann+tag@sub.example.co.uk", "ann+tag@sub.example.co.uk"],
    ["ａｎｎ＠example.org", "ann@example.org"],
    ["jörg@bücher.example", "jörg@xn--bcher-kva.example"],
  ])("%j is sent to %s", (text, address) => {
    expect(parseEmail(text)).toBe(address);
  });

  it.each([
    "ann",
    "ann@localhost",
    "ann@10.0.0.1",
    "ann@[10.0.0.1]",
    "ann@1.2",
    "a@b@example.org",
    "ann@-a.example.org",
    "ann@example.org\n",
  ])("%j is accepted only if trimming makes it an address", (text) => {
    expect(parseEmail(text)).toBe(text === "ann@example.org\n" ? "ann@example.org" : null);
  });

  it("is idempotent, and its result never contains what could end a header or add a recipient", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.emailAddress(),
          fc.string({ unit: "binary" }).map((text) => `${text}@example.org`),
        ),
        (text) => {
          const address = parseEmail(text);
          if (address === null) return;
          expect(parseEmail(address)).toBe(address);
          expect(address).not.toMatch(/[\s,;:<>"()\\]/);
        },
      ),
    );
  });

  it("masks it to its first letter and its domain", () => {
    expect([maskEmail("ann@example.org"), maskEmail("a@example.org"), maskEmail("😀b@example.org")]).toEqual([
      "a…@example.org",
      "a…@example.org",
      "😀…@example.org",
    ]);
  });
});

describe("normalizing a phone number", () => {
  it.each(["+49 1512 3456789", "0049 (0)1512-3456789", "＋４９１５１２３４５６７８９", "+٤٩١٥١٢٣٤٥٦٧٨٩"])("%s becomes E.164", (text) => {
    expect(parsePhone(text)).toBe("+4915123456789");
  });

  it.each(["1512 3456789", "+49", "", "+999 123456789"])("%j is rejected", (text) => {
    expect(parsePhone(text)).toBeNull();
  });

  it("masks it to its country and two digits, and its group identifies no person", () => {
    expect([maskPhone("+4915123456789"), maskPhone("+12025550143")]).toEqual(["+49…89", "+1…43"]);
    expect([prefixOf("+4915123456789"), prefixOf("+12025550143"), prefixOf("+3725123456")]).toEqual(["+491512", "+12025", "+372512"]);
  });
});
