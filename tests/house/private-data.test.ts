import { expect, it } from "vitest";
import { findPrivate } from "../support/conformance/private-data.mjs";

const kindsOf = (line: string, secrets: readonly string[] = []) => findPrivate([line], secrets).map(({ kind }) => kind);

it.each([
  ["an e-mail address", "12:00 info  sent to ann@example.org"],
  ["a phone number", "12:00 info  a code went to +4915112345678"],
  ["an access token", "12:00 info  eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x"],
  ["a refresh token or a proof", `12:00 info  token ${"aB3_".repeat(10)}xyz`],
])("searching logs for private data: finds %s", (kind, line) => {
  expect(kindsOf(line)).toEqual([kind]);
});

it("searching logs for private data: finds the secrets that a caller sent, and ignores ordinary lines and the outbox", () => {
  expect(kindsOf("12:00 info  tried 482913", ["482913"])).toEqual(["something a caller sent as a secret"]);
  expect(kindsOf("12:00 info  tried 1482913", ["482913"])).toEqual([]);
  expect(kindsOf('12:00 info  request {"requestId":"019a8b7c-0000-7000-8000-000000000000","ms":3}', ["482913"])).toEqual([]);
  expect(kindsOf("12:00 info  outbox: sms to +4915112345678: 482913", ["482913"])).toEqual([]);
});
