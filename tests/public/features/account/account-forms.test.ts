import { describe, expect, it } from "vitest";
import { ApiError } from "../../../../public/src/api.ts";
import { usernameFrom } from "../../../../public/src/features/account/username-from.ts";
import { deviceNameOf, isHandheld } from "../../../../public/src/features/settings/security/device-name.ts";
import { pathOf } from "../../../../public/src/features/settings/security/qr.ts";
import { fieldOf } from "../../../../public/src/shared/state/form-errors.ts";
import type { Problem } from "../../../../utils/contract/errors.ts";

describe("the place of a refusal", () => {
  it.each([
    ["password_weak", "password"],
    ["phone_proof_invalid", "phone"],
    ["under_age", "birthDate"],
    ["rate_limited", null],
    ["network", null],
  ] as const)("%s is said at %s", (code, field) => {
    expect(fieldOf(new ApiError(code))).toBe(field);
  });

  it("is that of the name that is taken", () => {
    const taken = (field: string) => fieldOf(new ApiError("name_taken", { field } as object));
    expect([taken("username"), taken("displayName")]).toEqual(["username", "displayName"]);
  });

  it("is found from the path of what was not understood", () => {
    const at = (path: string) => fieldOf(new ApiError("invalid_input", { errors: [{ path, message: "" }] }));
    expect([at("email"), at("phoneProof"), at("newPassword"), at("languages")]).toEqual(["email", "phone", "password", null]);
  });
});

describe("a refusal's own members", () => {
  it("are read only as what they are", () => {
    const refusal = new ApiError("code_invalid", { attemptsLeft: 3, methods: ["password", 7, null], passkey: {} } as object as Problem);
    expect([refusal.detail("attemptsLeft"), refusal.detail("passkey"), refusal.detail("absent")]).toEqual([3, undefined, undefined]);
    expect([refusal.list("methods"), refusal.list("attemptsLeft")]).toEqual([["password"], []]);
  });
});

describe("the name of a device", () => {
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

  it("is unknown where the browser says nothing that is known", () => {
    expect([deviceNameOf(null), deviceNameOf("curl/8.5.0")]).toEqual([null, null]);
  });

  it("tells what is carried about", () => {
    expect([isHandheld("… Android 15 …"), isHandheld("… Windows NT 10.0 …"), isHandheld(null)]).toEqual([true, false, false]);
  });
});

describe("a username for somebody who has a name", () => {
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

  it("is never longer than it may be", () => {
    expect(usernameFrom("a".repeat(100))).toHaveLength(32);
  });
});

describe("a QR code as a path", () => {
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
