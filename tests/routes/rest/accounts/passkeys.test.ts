import { describe, expect, it } from "vitest";
import { limits } from "../../../../utils/contract/limits.ts";
import { session } from "../../../../utils/contract/schemas/auth.ts";
import { passkey, passkeyChallenge } from "../../../../utils/contract/schemas/factors.ts";
import { pageOf } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { newMember, said } from "../../../support/accounts.ts";
import { bootApp } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { createAuthenticator, type Lie, type Shown } from "../../../support/fakes/authenticator.ts";
import {
  addPasskey,
  askForNew,
  askToSignIn,
  challengeOf,
  memberWithPasskey,
  SITE,
  showPasskey,
  signInByPasskey,
} from "../../../support/fakes/passkeys.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";

const REFUSED = [401, "passkey_refused"];
const CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36";
const clock = movableClock();

const { app: node, database } = await appForFile({ now: clock.now, env: { TRUST_PROXY: "1", PUBLIC_URL: SITE } });

const passkeysOf = (userId: string) => database.db.passkey.findMany({ where: { userId }, orderBy: { id: "asc" } });

const entriesOf = async (subjectId: string, action: string) =>
  (await database.db.auditEntry.findMany({ where: { subjectId, action }, orderBy: { id: "asc" } })).map(({ data }) => data);

/** Invalid WebAuthn data, for both registration and sign-in. */
const LIES: [string, Lie][] = [
  ["of another site", { origin: "https://chat.example.evil.example" }],
  ["of the site without TLS", { origin: "http://chat.example" }],
  ["of the site at another port", { origin: "https://chat.example:8443" }],
  ["made for another host", { rpId: "evil.example" }],
  ["made for a wider host", { rpId: "example" }],
  ["to a challenge nobody put", { challenge: Buffer.alloc(32, 7).toString("base64url") }],
  ["of another kind", { type: "payment.get" }],
  ["of somebody who did not unlock the device", { isVerified: false }],
  ["of nobody at all", { isPresent: false, isVerified: false }],
];

/** Browsers differ in whether they name the site that frames the page. */
const FRAMED: [string, Lie][] = [
  ["framed by another site", { isCrossOrigin: true }],
  ["framed by a site that the browser does not name", { isCrossOrigin: true, isTopOriginHidden: true }],
];

describe("adding a passkey", () => {
  it("requests a discoverable credential with user verification that is not yet on the device", async () => {
    const person = await memberWithPasskey(node);
    const { status, body } = await askForNew(person);
    expect(status).toBe(200);
    const { options } = passkeyChallenge.strict().parse(body);
    const [known] = await passkeysOf(person.id);
    expect(options).toMatchObject({
      rp: { id: "chat.example", name: "The Chatroom" },
      user: { id: Buffer.from(person.id.replaceAll("-", ""), "hex").toString("base64url"), name: person.username },
      authenticatorSelection: { residentKey: "required", requireResidentKey: true, userVerification: "required" },
      excludeCredentials: [{ id: Buffer.from(known?.credentialId ?? []).toString("base64url"), type: "public-key" }],
      attestation: "none",
      timeout: limits.passkeyChallengeMs,
    });
  });

  it("returns it, lists it, and names it after the browser or as requested", async () => {
    const person = await newMember(node);
    const device = createAuthenticator(SITE);
    const { challengeId, options } = challengeOf((await askForNew(person)).body);
    const body = { challengeId, response: device.make(options) };
    const first = await person.visitor.post("/api/auth/passkeys", body, { ...person.auth, "user-agent": CHROME });
    expect(first.status).toBe(201);
    expect(passkey.strict().parse(first.body)).toMatchObject({ name: "Chrome on Linux", isSynced: true, lastUsedAt: null });
    expect(first.headers.get("location")).toBe(`/api/auth/passkeys/${String(first.body.id)}`);
    const second = await addPasskey(person, device, { name: " Blue key " });
    expect(second.body.name).toBe("Blue key");
    const list = await person.visitor.call("/api/auth/passkeys", { headers: person.auth });
    expect(pageOf(passkey.strict()).parse(list.body)).toEqual({ items: [second.body, first.body], nextCursor: null });
    expect(await entriesOf(person.id, "passkey_added")).toMatchObject([{ passkeyId: first.body.id }, { passkeyId: second.body.id }]);
  });

  it.each([...LIES, ...FRAMED])("rejects one that is %s, and stores nothing", async (_what, lie) => {
    const person = await newMember(node);
    const device = createAuthenticator(SITE);
    expect(said(await addPasskey(person, device, { lie }))).toEqual(REFUSED);
    expect(await passkeysOf(person.id)).toEqual([]);
    expect((await addPasskey(person, device)).status).toBe(201);
  });

  it("accepts each challenge once, from its recipient, within 5 minutes", async () => {
    const person = await newMember(node);
    const other = await newMember(node);
    const device = createAuthenticator(SITE);
    const ask = async () => challengeOf((await askForNew(person)).body);
    const show = (by: typeof person, { challengeId, options }: Awaited<ReturnType<typeof ask>>) =>
      by.visitor.post("/api/auth/passkeys", { challengeId, response: device.make(options) }, by.auth);
    const asked = await ask();
    expect(said(await show(other, asked))).toEqual(REFUSED);
    const answers = await Promise.all(Array.from({ length: 6 }, () => show(person, asked)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401, 401]);
    const late = await ask();
    clock.advance(limits.passkeyChallengeMs);
    expect(said(await show(person, late))).toEqual(REFUSED);
    expect(await passkeysOf(other.id)).toEqual([]);
    expect(await passkeysOf(person.id)).toHaveLength(1);
  });

  it("rejects a passkey of another account without naming the account", async () => {
    const person = await memberWithPasskey(node);
    const other = await newMember(node);
    for (const by of [person, other]) {
      const { challengeId, options } = challengeOf((await askForNew(by)).body);
      const response = person.device.make(options);
      const credentialId = new Uint8Array(Buffer.from(response.id, "base64url"));
      await database.db.passkey.update({ where: { id: person.passkeyId }, data: { credentialId } });
      const { status, body } = await by.visitor.post("/api/auth/passkeys", { challengeId, response }, by.auth);
      expect([status, body.code, body.most]).toEqual([...REFUSED, undefined]);
    }
    expect(await passkeysOf(other.id)).toEqual([]);
  });

  it("is limited to 20, also for two concurrent requests", async () => {
    const person = await newMember(node);
    const device = createAuthenticator(SITE);
    for (let made = 1; made < limits.passkeys; made++) expect((await addPasskey(person, device)).status).toBe(201);
    const answers = await Promise.all([addPasskey(person, device), addPasskey(person, device)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 401]);
    expect(answers.find(({ status }) => status === 401)?.body).toMatchObject({ code: "passkey_refused", most: limits.passkeys });
    const { status, body } = await askForNew(person);
    expect([status, body.code, body.most]).toEqual([...REFUSED, limits.passkeys]);
    expect(await passkeysOf(person.id)).toHaveLength(limits.passkeys);
  });

  it.each(["", " ", "x".repeat(101), "a\u0000b", "a\nb", "\ud800"])("rejects the name %j", async (name) => {
    const person = await newMember(node);
    const device = createAuthenticator(SITE);
    expect(said(await addPasskey(person, device, { name }))).toEqual([400, "invalid_input"]);
    expect((await addPasskey(person, device, { name: "Käthes Schlüssel 🔑" })).status).toBe(201);
  });

  it("requires recent authentication, like removing one", async () => {
    const person = await memberWithPasskey(node);
    const asked = challengeOf((await askForNew(person)).body);
    clock.advance(limits.stepUpMs);
    const remove = () => person.visitor.call(`/api/auth/passkeys/${person.passkeyId}`, { method: "DELETE", headers: person.auth });
    const add = () =>
      person.visitor.post("/api/auth/passkeys", { ...asked, options: undefined, response: person.device.make(asked.options) }, person.auth);
    for (const answer of [await askForNew(person), await add(), await remove()]) {
      expect([...said(answer), answer.body.methods]).toEqual([403, "step_up_required", ["password", "passkey"]]);
      passkeyChallenge.strict().parse(answer.body.passkey);
    }
    expect(await passkeysOf(person.id)).toHaveLength(1);
    await person.visitor.post("/api/auth/step-up", { password: person.password }, person.auth);
    expect((await askForNew(person)).status).toBe(200);
    expect((await remove()).status).toBe(204);
  });
});

describe("signing in with a passkey", () => {
  it("needs no name and no password, opens a session, and remembers the device", async () => {
    const person = await memberWithPasskey(node);
    const visitor = await new Visitor(node.url).open();
    const { challengeId, options } = await askToSignIn(visitor);
    expect(options).toMatchObject({ rpId: "chat.example", userVerification: "required", timeout: limits.passkeyChallengeMs });
    expect(options).not.toHaveProperty("allowCredentials");
    const answer = await showPasskey(visitor, { challengeId, response: person.device.answer(options) });
    expect(answer.status).toBe(200);
    expect(session.parse(answer.body).user.id).toBe(person.id);
    expect([...visitor.cookies.keys()].sort()).toEqual(["browser_id", "known_device", "refresh_token"]);
    const auth = bearer(answer.body.accessToken);
    expect((await visitor.post("/api/auth/totp", undefined, auth)).status).toBe(200);
    const [kept] = await passkeysOf(person.id);
    expect(kept?.lastUsedAt).not.toBeNull();
    expect(await entriesOf(person.id, "signed_in")).toHaveLength(2);
  });

  it("requires the CSRF token at both endpoints", async () => {
    const visitor = new Visitor(node.url);
    for (const path of ["/api/auth/passkeys/signin-options", "/api/auth/passkeys/signin"])
      expect(said(await visitor.post(path, {}))).toEqual([403, "csrf_failed"]);
  });

  it.each([...LIES, ...FRAMED])("rejects a response %s, opens no session, and records it for the owner", async (_what, lie) => {
    const person = await memberWithPasskey(node);
    const before = await database.db.session.count();
    expect(said(await signInByPasskey(node, person.device, lie))).toEqual(REFUSED);
    expect(await database.db.session.count()).toBe(before);
    expect(await entriesOf(person.id, "sign_in_failed")).toEqual([
      { factor: "passkey", reason: "not_verified", passkeyId: person.passkeyId },
    ]);
    expect((await signInByPasskey(node, person.device)).status).toBe(200);
  });

  it("rejects every other invalid response with the same error", async () => {
    const person = await memberWithPasskey(node);
    const other = await memberWithPasskey(node);
    const stranger = createAuthenticator(SITE);
    stranger.make(challengeOf((await askForNew(await newMember(node))).body).options);
    const visitor = await new Visitor(node.url).open();
    const answered = async (change: (response: Shown) => unknown, device = person.device) => {
      const { challengeId, options } = await askToSignIn(visitor);
      const response = device.answer(options);
      change(response);
      return showPasskey(visitor, { challengeId, response });
    };
    const otherHandle = Buffer.from(other.id.replaceAll("-", ""), "hex").toString("base64url");
    const flip = (text: string) => {
      const bytes = Buffer.from(text, "base64url");
      bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
      return bytes.toString("base64url");
    };
    const refusals = [
      await answered(() => undefined, stranger),
      await answered(({ response }) => (response.signature = flip(String(response.signature)))),
      await answered(({ response }) => (response.userHandle = otherHandle)),
      await answered(({ response }) => delete response.userHandle),
      await answered(({ response }) => (response.userHandle = null)),
      await answered(({ response }) => (response.clientDataJSON = Buffer.from("{").toString("base64url"))),
      await answered(({ response }) => (response.authenticatorData = "AAAA")),
      await answered(({ response }) => (response.signature = { not: "" })),
      await answered((response) => (response.type = "password")),
      await answered((response) => (response.rawId = "AAAA")),
      await answered((response) => Object.assign(response, { response: undefined })),
      await showPasskey(visitor, { challengeId: newId(), response: { id: "AAAA" } }),
    ];
    const words = refusals.map(({ status, body: { requestId: _own, ...body } }) => ({ status, body }));
    expect(new Set(words.map((word) => JSON.stringify(word))).size).toBe(1);
    expect(words[0]).toMatchObject({ status: 401, body: { code: "passkey_refused" } });
    expect((await answered(() => undefined)).status).toBe(200);
    expect((await answered(({ response }) => (response.authenticatorAttachment = "whatever"))).status).toBe(200);
  });

  it("accepts each response once, also of six concurrent ones, and none for a failed challenge", async () => {
    const person = await memberWithPasskey(node);
    const visitor = await new Visitor(node.url).open();
    const { challengeId, options } = await askToSignIn(visitor);
    const body = { challengeId, response: person.device.answer(options) };
    const answers = await Promise.all(Array.from({ length: 6 }, () => showPasskey(visitor, body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 401, 401, 401, 401, 401]);
    expect(said(await showPasskey(visitor, body))).toEqual(REFUSED);
    const next = await askToSignIn(visitor);
    const lie = { challengeId: next.challengeId, response: person.device.answer(next.options, { isVerified: false }) };
    expect(said(await showPasskey(visitor, lie))).toEqual(REFUSED);
    const right = { challengeId: next.challengeId, response: person.device.answer(next.options) };
    expect(said(await showPasskey(visitor, right))).toEqual(REFUSED);
  });

  it("rejects a response to another challenge, and any response after 5 minutes", async () => {
    const person = await memberWithPasskey(node);
    const visitor = await new Visitor(node.url).open();
    const mine = await askToSignIn(visitor);
    const another = await askToSignIn(visitor);
    expect(said(await showPasskey(visitor, { challengeId: another.challengeId, response: person.device.answer(mine.options) }))).toEqual(
      REFUSED,
    );
    clock.advance(limits.passkeyChallengeMs - 1_000);
    const late = await askToSignIn(visitor);
    expect((await showPasskey(visitor, { challengeId: mine.challengeId, response: person.device.answer(mine.options) })).status).toBe(200);
    clock.advance(limits.passkeyChallengeMs);
    expect(said(await showPasskey(visitor, { challengeId: late.challengeId, response: person.device.answer(late.options) }))).toEqual(
      REFUSED,
    );
  });

  it("rejects a cloned passkey with an outdated counter, and records it for the owner", async () => {
    const device = createAuthenticator(SITE, { counts: true });
    const person = await memberWithPasskey(node, device);
    const copy = device.copy();
    for (let use = 0; use < 2; use++) expect((await signInByPasskey(node, device)).status).toBe(200);
    expect(said(await signInByPasskey(node, copy))).toEqual(REFUSED);
    expect(said(await signInByPasskey(node, device, { counter: 3 }))).toEqual(REFUSED);
    expect(said(await signInByPasskey(node, device, { counter: 0 }))).toEqual(REFUSED);
    const copied = { factor: "passkey", reason: "copied", passkeyId: person.passkeyId };
    expect(await entriesOf(person.id, "sign_in_failed")).toEqual([copied, copied, copied]);
    expect((await signInByPasskey(node, device)).status).toBe(200);
  });

  it("fails after the passkey is removed, which only its owner can do", async () => {
    const person = await memberWithPasskey(node);
    const other = await memberWithPasskey(node);
    const path = `/api/auth/passkeys/${person.passkeyId}`;
    expect(said(await other.visitor.call(path, { method: "DELETE", headers: other.auth }))).toEqual([404, "not_found"]);
    expect((await signInByPasskey(node, person.device)).status).toBe(200);
    expect((await person.visitor.call(path, { method: "DELETE", headers: person.auth })).status).toBe(204);
    expect(said(await person.visitor.call(path, { method: "DELETE", headers: person.auth }))).toEqual([404, "not_found"]);
    expect(said(await signInByPasskey(node, person.device))).toEqual(REFUSED);
    expect(await entriesOf(person.id, "passkey_removed")).toMatchObject([{ passkeyId: person.passkeyId }]);
    expect((await signInByPasskey(node, other.device)).status).toBe(200);
  });

  it("fails for an erased account", async () => {
    const person = await memberWithPasskey(node);
    await database.db.user.update({ where: { id: person.id }, data: { erasedAt: clock.now(), username: null, usernameSkeleton: null } });
    expect(said(await signInByPasskey(node, person.device))).toEqual(REFUSED);
  });
});

describe("without PUBLIC_URL", () => {
  it("passkeys belong to the address the page came from", async () => {
    const local = await bootApp({ database: database.url, env: { TRUST_PROXY: "1" } });
    const device = createAuthenticator(local.url);
    await memberWithPasskey(local, device);
    expect((await signInByPasskey(local, device)).status).toBe(200);
    expect(said(await signInByPasskey(local, device, { origin: "http://localhost:1" }))).toEqual(REFUSED);
    expect(said(await signInByPasskey(node, device))).toEqual(REFUSED);
    await local.close();
  });
});
