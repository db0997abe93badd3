import { expect, it } from "vitest";
import { readKnownDevice, trustDevice } from "../../../../services/auth/sessions/trusted-device.ts";
import { deriveKeys } from "../../../../services/auth/tokens/keys.ts";
import { newId } from "../../../../utils/ids.ts";
import { TEST_SECRET } from "../../../support/app.ts";

const keys = deriveKeys({ current: TEST_SECRET });

it("a trusted device: is recognized for each of its accounts, and remembers the five newest", () => {
  const users = Array.from({ length: 6 }, newId);
  let cookie = trustDevice(keys, undefined, users[0] ?? "");
  const first = readKnownDevice(keys, cookie);
  for (const user of users) cookie = trustDevice(keys, cookie, user);
  cookie = trustDevice(keys, cookie, users[3] ?? "");
  const [, b, c, d, e, f] = users;
  expect(first?.userIds).toEqual([users[0]]);
  expect(readKnownDevice(keys, cookie)).toEqual({ deviceId: first?.deviceId, userIds: [d, f, e, c, b] });
});

it("a trusted device: rejects a cookie with a wrong signature, and the next sign-in issues a new one", () => {
  const user = newId();
  const good = trustDevice(keys, undefined, newId());
  const [body = "", signature = ""] = good.split(".");
  const own = Buffer.from(JSON.stringify({ deviceId: newId(), userIds: [user] })).toString("base64url");
  const elsewhere = trustDevice(deriveKeys({ current: `${TEST_SECRET} of another site` }), undefined, user);
  const bad = [
    "",
    ".",
    body,
    `${own}.${signature}`,
    `${body}.${signature.slice(1)}A`,
    `${good}.x`,
    elsewhere,
    "x".repeat(2_000),
    `${body}.${"é".repeat(43)}`,
  ];
  for (const cookie of bad) {
    expect(readKnownDevice(keys, cookie)).toBeNull();
    expect(readKnownDevice(keys, trustDevice(keys, cookie, user))?.userIds).toEqual([user]);
  }
  expect(readKnownDevice(keys, good)).not.toBeNull();
});
