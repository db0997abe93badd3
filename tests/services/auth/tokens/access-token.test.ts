import { generateKeyPairSync, randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { describe, expect, it } from "vitest";
import { issueAccessToken, readAccessToken } from "../../../../services/auth/tokens/access-token.ts";
import { deriveKeys } from "../../../../services/auth/tokens/keys.ts";

const keys = deriveKeys({ current: "the first of two long secrets, 48 characters" });
const now = new Date("2026-11-21T12:00:00.000Z");
const seconds = now.getTime() / 1_000;
const subject = { sub: randomUUID(), sid: randomUUID(), kind: "guest" as const };
const claims = { ...subject, iss: "chatroom", aud: "chatroom-api", iat: seconds, nbf: seconds, exp: seconds + 900 };
const signed = (payload: object, options: jwt.SignOptions = {}) =>
  jwt.sign(payload, keys.signing.key, { algorithm: "HS256", keyid: keys.signing.id, ...options });
const segment = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
const later = (ms: number) => new Date(now.getTime() + ms);

describe("an access token", () => {
  it("names its user, session and kind, and is valid for 15 minutes", () => {
    const token = issueAccessToken(keys, subject, now);
    expect(readAccessToken(keys, token, later(899_000))).toEqual({ ...subject, expiresAt: later(900_000) });
    expect(() => readAccessToken(keys, token, later(900_000))).toThrow(expect.objectContaining({ code: "token_expired" }));
  });

  it("is accepted under the previous secret, and rejected under a removed one", () => {
    const token = issueAccessToken(keys, subject, now);
    const next = deriveKeys({
      current: "the second of two long secrets, 49 characters",
      previous: "the first of two long secrets, 48 characters",
    });
    expect(readAccessToken(next, token, now).sid).toBe(subject.sid);
    const gone = deriveKeys({ current: "the second of two long secrets, 49 characters" });
    expect(() => readAccessToken(gone, token, now)).toThrow(expect.objectContaining({ code: "unauthenticated" }));
  });

  it("is accepted when it is assembled by the test, so that the rejections below have no other reason", () => {
    expect(readAccessToken(keys, signed(claims), now).sub).toBe(subject.sub);
  });

  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const ours = issueAccessToken(keys, subject, now);
  const [head, body, signature] = ours.split(".");
  const { exp: _, ...endless } = claims;
  const forged: Record<string, string> = {
    "no algorithm": `${segment({ alg: "none", typ: "JWT", kid: keys.signing.id })}.${segment(claims)}.`,
    "no algorithm, with our signature": `${segment({ alg: "none", typ: "JWT", kid: keys.signing.id })}.${segment(claims)}.${signature}`,
    "an RSA signature": jwt.sign(claims, privateKey, { algorithm: "RS256", keyid: keys.signing.id }),
    "a public key used as the shared one": jwt.sign(claims, publicKey.export({ type: "spki", format: "pem" }), {
      algorithm: "HS256",
      keyid: keys.signing.id,
    }),
    "another length of hash": signed(claims, { algorithm: "HS512" }),
    "an unknown key id": signed(claims, { keyid: "AAAAAAAAAAAA" }),
    "no key id": jwt.sign(claims, keys.signing.key, { algorithm: "HS256" }),
    "another audience": signed({ ...claims, aud: "another" }),
    "a list of audiences": signed({ ...claims, aud: ["chatroom-api", "another"] }),
    "another issuer": signed({ ...claims, iss: "another" }),
    "a time that has not come": signed({ ...claims, nbf: seconds + 60 }),
    "no end": signed(endless),
    "a user that is no id": signed({ ...claims, sub: "admin" }),
    "a kind that does not exist": signed({ ...claims, kind: "admin" }),
    "another body under our signature": `${head}.${segment({ ...claims, sub: randomUUID() })}.${signature}`,
    "a forged one that is also too old": `${head}.${segment({ ...claims, exp: seconds - 1 })}.${signature}`,
    "a cut signature": `${head}.${body}.${signature?.slice(0, -2)}`,
    "a huge text": "a".repeat(100_000),
    "no token at all": "undefined",
    nothing: "",
  };
  it.each(Object.entries(forged))("is rejected with %s", (_reason, token) => {
    expect(() => readAccessToken(keys, token, now)).toThrow(expect.objectContaining({ code: "unauthenticated" }));
  });
});
