import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../public/src/api.ts";
import { usernameFrom } from "../../../../public/src/features/account/username-from.ts";
import { deviceNameOf, isHandheld } from "../../../../public/src/features/settings/security/device-name.ts";
import { pathOf } from "../../../../public/src/features/settings/security/qr.ts";
import { fieldOf } from "../../../../public/src/shared/state/form-errors.ts";
import type { Problem } from "../../../../utils/contract/errors.ts";

describe("form field for an API error", () => {
  it.each([
    ["password_weak", "password"],
    ["phone_proof_invalid", "phone"],
    ["under_age", "birthDate"],
    ["rate_limited", null],
    ["network", null],
  ] as const)("shows %s at the field %s", (code, field) => {
    expect(fieldOf(new ApiError(code))).toBe(field);
  });

  it("is the field whose name is taken", () => {
    const taken = (field: string) => fieldOf(new ApiError("name_taken", { field } as object));
    expect([taken("username"), taken("displayName")]).toEqual(["username", "displayName"]);
  });

  it("is derived from the path of the validation error", () => {
    const at = (path: string) => fieldOf(new ApiError("invalid_input", { errors: [{ path, message: "" }] }));
    expect([at("email"), at("phoneProof"), at("newPassword"), at("languages")]).toEqual(["email", "phone", "password", null]);
  });
});

describe("extension members of an API error", () => {
  it("are returned only if they have the expected type", () => {
    const error = new ApiError("code_invalid", { attemptsLeft: 3, methods: ["password", 7, null], passkey: {} } as object as Problem);
    expect([error.detail("attemptsLeft"), error.detail("passkey"), error.detail("absent")]).toEqual([3, undefined, undefined]);
    expect([error.list("methods"), error.list("attemptsLeft")]).toEqual([["password"], []]);
  });
});

describe("device name from the user agent", () => {
  const webkit = "AppleWebKit/537.36 (KHTML, like Gecko)";
  it.each([
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36`, "Chrome", "Windows"],
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${webkit} Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0`, "Edge", "Windows"],
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox", "Linux"],
    ["Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile/15E148 Safari/604.1", "Safari", "iPhone"],
    [
      `Mozilla/5.0 (Linux; Android 15; SM-S921B) ${webkit} SamsungBrowser/27.0 Chrome/125.0.0.0 Mobile Safari/537.36`,
      "Samsung Internet",
      "Android",
    ],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/18.0 Safari/605.1.15", "Safari", "macOS"],
  ])("%s", (userAgent, browser, system) => {
    expect(deviceNameOf(userAgent)).toEqual({ browser, system });
  });

  it("is null for a missing or unknown user agent", () => {
    expect([deviceNameOf(null), deviceNameOf("curl/8.5.0")]).toEqual([null, null]);
  });

  it("recognizes handheld devices", () => {
    expect([isHandheld("… Android 15 …"), isHandheld("… Windows NT 10.0 …"), isHandheld(null)]).toEqual([true, false, false]);
  });
});

describe("deriving a username from a display name", () => {
  it.each([
    ["Otter 123", "otter-123"],
    ["José Ñandú", "jose-nandu"],
    ["  --Mina--  ", "mina"],
    ["日本語", ""],
    ["X", ""],
    ["12345", ""],
  ])("%j → %j", (name, username) => {
    expect(usernameFrom(name)).toBe(username);
  });

  it("never exceeds the maximum length", () => {
    expect(usernameFrom("a".repeat(100))).toHaveLength(32);
  });
});

describe("QR code as an SVG path", () => {
  it("has one rectangle for every run of dark modules", () => {
    expect(
      pathOf([
        [true, true, false],
        [false, false, false],
        [false, false, true],
      ]),
    ).toBe("M0 0h2v1H0zM2 2h1v1H2z");
  });
});
