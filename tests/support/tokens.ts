import { createHmac, generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import type { App } from "./app.ts";
import type { Person } from "./factories.ts";

const rsa = generateKeyPairSync("rsa", { modulusLength: 2_048 });

type Part = Record<string, unknown>;

const encode = (part: Part): string => Buffer.from(JSON.stringify(part)).toString("base64url");

/** Signs a token with an arbitrary key, header and claims. */
function forge(key: KeyObject | string, header: Part, claims: Part): string {
  const unsigned = `${encode(header)}.${encode(claims)}`;
  return `${unsigned}.${createHmac("sha256", key).update(unsigned).digest("base64url")}`;
}

/** Returns tokens that must be rejected, by what is wrong with them, for a person whose valid token grants access. */
export function badTokens({ services }: App, person: Person): [string, string][] {
  const { id: kid, key } = services.keys.signing;
  const now = Math.floor(services.now().getTime() / 1_000);
  const header = { alg: "HS256", typ: "JWT", kid };
  const claims = {
    iss: "chatroom",
    aud: "chatroom-api",
    sub: person.id,
    sid: person.sessionId,
    kind: "guest",
    iat: now,
    nbf: now,
    exp: now + 900,
  };
  const without = (name: string): Part => Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));
  const rsaBody = `${encode({ ...header, alg: "RS256" })}.${encode(claims)}`;
  const [head = "", body = "", signature = ""] = person.token.split(".");
  return [
    ["alg none", `${encode({ ...header, alg: "none" })}.${encode(claims)}.`],
    ["alg none with the good signature", `${encode({ ...header, alg: "none" })}.${body}.${signature}`],
    ["alg in other letters", forge(key, { ...header, alg: "hs256" }, claims)],
    ["RS256 of a key of one's own", `${rsaBody}.${sign("sha256", Buffer.from(rsaBody), rsa.privateKey).toString("base64url")}`],
    ["HS256 keyed with a public key", forge(rsa.publicKey.export({ type: "spki", format: "pem" }).toString(), header, claims)],
    ["a key of one's own", forge("not the server's key at all, but long enough", header, claims)],
    ["no key at all", forge("", header, claims)],
    ["no kid", forge(key, { alg: "HS256", typ: "JWT" }, claims)],
    ["an unknown kid", forge(key, { ...header, kid: "elsewhere" }, claims)],
    ["a kid that is a path", forge("", { ...header, kid: "../../../../dev/null" }, claims)],
    ["a kid that is no text", forge(key, { ...header, kid: { toString: kid } }, claims)],
    ["a kid of the prototype", forge("", { ...header, kid: "__proto__" }, claims)],
    ["another audience", forge(key, header, { ...claims, aud: "another-api" })],
    ["an audience beside ours", forge(key, header, { ...claims, aud: ["chatroom-api", "another-api"] })],
    ["no audience", forge(key, header, without("aud"))],
    ["another issuer", forge(key, header, { ...claims, iss: "somebody" })],
    ["no issuer", forge(key, header, without("iss"))],
    ["its time over", forge(key, header, { ...claims, iat: now - 1_000, nbf: now - 1_000, exp: now - 1 })],
    ["no end", forge(key, header, without("exp"))],
    ["its time not come", forge(key, header, { ...claims, nbf: now + 600 })],
    ["no session", forge(key, header, without("sid"))],
    ["an unknown session", forge(key, header, { ...claims, sid: "01900000-0000-7000-8000-000000000000" })],
    ["a session that is no id", forge(key, header, { ...claims, sid: "1 OR 1=1" })],
    ["another person with this session", forge(key, header, { ...claims, sub: "01900000-0000-7000-8000-000000000000" })],
    ["changed claims", `${head}.${encode({ ...claims, kind: "member" })}.${signature}`],
    ["a cut signature", person.token.slice(0, -4)],
    ["no signature", `${head}.${body}`],
    ["claims that are no JSON", `${head}.${Buffer.from("{").toString("base64url")}.${signature}`],
    ["nothing of a token", "token"],
    ["64 kB of nothing", "a".repeat(12_000)],
  ];
}
