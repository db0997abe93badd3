import { describe, expect, it } from "vitest";
import { checkSecondFactor } from "../../../../services/auth/factors/second-factor.ts";
import { setContact } from "../../../../services/contacts/contacts.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import { recoveryCodes, totpSecret } from "../../../../utils/contract/schemas/factors.ts";
import { newGuest, newMember, PASSWORD, type SignedInVisitor, said, signIn } from "../../../support/accounts.ts";
import { bootApp } from "../../../support/app.ts";
import { stoppedClock } from "../../../support/clock.ts";
import { strangerCtx } from "../../../support/ctx.ts";
import { codeAt } from "../../../support/fakes/authenticator-app.ts";
import { appForFile } from "../../../support/for-file.ts";
import { type Answer, Visitor } from "../../../support/page/visitor.ts";

/** A stopped clock, so that no time step ends during a test. */
const clock = stoppedClock();
const STEP_MS = 30_000;

const { app: node, database } = await appForFile({ now: clock.now, env: { TRUST_PROXY: "1" } });

const post = ({ visitor, auth }: SignedInVisitor, path: string, body?: unknown): Promise<Answer> => visitor.post(path, body, auth);
const begin = (person: SignedInVisitor) => post(person, "/api/auth/totp");
const confirm = (person: SignedInVisitor, code: string) => post(person, "/api/auth/totp/confirm", { code });
const renew = (person: SignedInVisitor) => post(person, "/api/auth/recovery-codes");
const remove = ({ visitor, auth }: SignedInVisitor, password: string) =>
  visitor.call("/api/auth/totp", { method: "DELETE", body: { password }, headers: auth });

const codesOf = ({ body }: Answer): string[] => recoveryCodes.parse(body).recoveryCodes;

/** Creates a member with two-factor authentication, at a time when the activation code has expired. */
async function withTotp() {
  const person = await newMember(node);
  const { secret } = totpSecret.parse((await begin(person)).body);
  const codes = codesOf(await confirm(person, codeAt(secret, clock.now())));
  clock.advance(STEP_MS);
  return { ...person, secret, codes };
}

const enter = ({ username }: { username: string }, totpCode?: string): Promise<Answer> =>
  signIn(node, { identifier: username, ...(totpCode !== undefined && { totpCode }) });

const auditOf = async (id: string): Promise<string[]> =>
  (await database.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: "asc" } })).map(({ action }) => action);

/** Returns the number of successful responses; all others must be the same error. */
function countSuccesses(answers: readonly Answer[], expectedError: [number, string]): number {
  const rejected = answers.filter(({ status }) => status !== 200);
  for (const answer of rejected) expect(said(answer)).toEqual(expectedError);
  return answers.length - rejected.length;
}

describe("setting up an authenticator app", () => {
  it("returns a 160-bit secret, and a QR code URI with issuer and account", async () => {
    const person = await newMember(node);
    const { status, body } = await begin(person);
    expect(status).toBe(200);
    const { secret, uri } = totpSecret.strict().parse(body);
    expect(secret).toMatch(/^[A-Z2-7]{32}$/);
    const { protocol, host, pathname, searchParams } = new URL(uri);
    expect([protocol, host, decodeURIComponent(pathname)]).toEqual(["otpauth:", "totp", `/The Chatroom (127.0.0.1):${person.username}`]);
    expect(Object.fromEntries(searchParams)).toEqual({
      issuer: "The Chatroom (127.0.0.1)",
      secret,
      algorithm: "SHA1",
      digits: "6",
      period: "30",
    });
  });

  it("takes effect only after a code is confirmed, and restarts with the next call", async () => {
    const person = await newMember(node);
    const first = totpSecret.parse((await begin(person)).body);
    const second = totpSecret.parse((await begin(person)).body);
    expect(first.secret).not.toBe(second.secret);
    expect((await enter(person)).status).toBe(200);
    expect(said(await confirm(person, codeAt(first.secret, clock.now())))).toEqual([422, "code_invalid"]);
    expect((await enter(person)).status).toBe(200);
    expect(codesOf(await confirm(person, codeAt(second.secret, clock.now())))).toHaveLength(10);
    expect(said(await enter(person))).toEqual([401, "totp_required"]);
  });

  it("fails if already active, and its confirmation fails if setup was not started", async () => {
    const person = await withTotp();
    const other = await newMember(node);
    expect(said(await begin(person))).toEqual([409, "totp_already_set_up"]);
    expect(said(await confirm(person, codeAt(person.secret, clock.now())))).toEqual([409, "totp_already_set_up"]);
    expect(said(await confirm(other, "123456"))).toEqual([409, "totp_not_set_up"]);
    expect(said(await renew(other))).toEqual([409, "totp_not_set_up"]);
    expect(said(await remove(other, PASSWORD))).toEqual([409, "totp_not_set_up"]);
    for (const code of ["12345", "1234567", "abcdef", ""]) expect(said(await confirm(other, code))).toEqual([400, "invalid_input"]);
  });

  it("returns one set of recovery codes for concurrent confirmations", async () => {
    const person = await newMember(node);
    const { secret } = totpSecret.parse((await begin(person)).body);
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(person, codeAt(secret, clock.now()))));
    expect(countSuccesses(answers, [409, "totp_already_set_up"])).toBe(1);
    expect(await database.db.recoveryCode.count({ where: { userId: person.id } })).toBe(10);
  });

  it("stores neither the secret nor a recovery code in plain text, and records the session in the audit log", async () => {
    const person = await withTotp();
    const credential = await database.db.credential.findUniqueOrThrow({ where: { userId: person.id } });
    expect(Buffer.from(credential.totpSecret ?? []).toString("latin1")).not.toContain(person.secret);
    const rows = await database.db.recoveryCode.findMany({ where: { userId: person.id } });
    expect(new Set(rows.map(({ hash }) => hash.length))).toEqual(new Set([32]));
    const entry = await database.db.auditEntry.findFirstOrThrow({ where: { subjectId: person.id, action: "totp_enabled" } });
    const session = await database.db.session.findFirstOrThrow({ where: { userId: person.id } });
    expect([entry.actorId, entry.data]).toEqual([person.id, { sessionId: session.id }]);
    expect(node.log.filter((line) => [person.secret, ...person.codes].some((word) => line.includes(word)))).toEqual([]);
  });
});

describe("signing in with two factors", () => {
  it("requires the second one only after the correct password, and accepts a code", async () => {
    const person = await withTotp();
    const asked = await enter(person);
    expect([...said(asked), asked.body.methods, asked.body.passkey]).toEqual([401, "totp_required", ["totp"], undefined]);
    const before = await database.db.session.count();
    expect(said(await signIn(node, { identifier: person.username, password: "not the one" }))).toEqual([401, "invalid_credentials"]);
    const wrong = codeAt(person.secret, clock.now()) === "000000" ? "000001" : "000000";
    expect(said(await enter(person, wrong))).toEqual([401, "invalid_credentials"]);
    expect(await database.db.session.count()).toBe(before);
    expect((await enter(person, codeAt(person.secret, clock.now()))).status).toBe(200);
  });

  it("accepts each code once, also of ten concurrent requests", async () => {
    const person = await withTotp();
    const code = codeAt(person.secret, clock.now());
    const answers = await Promise.all(Array.from({ length: 10 }, () => enter(person, code)));
    expect(countSuccesses(answers, [401, "invalid_credentials"])).toBe(1);
    expect(said(await enter(person, code))).toEqual([401, "invalid_credentials"]);
    clock.advance(STEP_MS);
    expect((await enter(person, codeAt(person.secret, clock.now()))).status).toBe(200);
  });

  it("rejects the code that activated the app", async () => {
    const person = await newMember(node);
    const { secret } = totpSecret.parse((await begin(person)).body);
    const code = codeAt(secret, clock.now());
    await confirm(person, code);
    expect(said(await enter(person, code))).toEqual([401, "invalid_credentials"]);
    expect((await enter(person, codeAt(secret, clock.now(), { stepsOff: 1 }))).status).toBe(200);
  });

  it("accepts a code one step early or late, but not two, and none older than the last", async () => {
    const person = await withTotp();
    clock.advance(10 * STEP_MS);
    const at = (stepsOff: number) => codeAt(person.secret, clock.now(), { stepsOff });
    for (const stepsOff of [-2, 2]) expect(said(await enter(person, at(stepsOff)))).toEqual([401, "invalid_credentials"]);
    for (const stepsOff of [-1, 0, 1]) expect((await enter(person, at(stepsOff))).status).toBe(200);
    clock.advance(STEP_MS);
    expect(said(await enter(person, at(-1)))).toEqual([401, "invalid_credentials"]);
    expect(said(await enter(person, at(0)))).toEqual([401, "invalid_credentials"]);
    expect((await enter(person, at(1))).status).toBe(200);
  });

  it("rejects codes of another user's app", async () => {
    const person = await withTotp();
    const other = await withTotp();
    expect(said(await enter(person, codeAt(other.secret, clock.now())))).toEqual([401, "invalid_credentials"]);
    expect(said(await enter(person, other.codes[0]))).toEqual([401, "invalid_credentials"]);
    expect((await enter(other, other.codes[0])).status).toBe(200);
  });
});

describe("recovery codes", () => {
  it("are ten distinct, readable codes of more than 50 bits each", async () => {
    const { codes } = await withTotp();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^([2-9a-hjkmnp-z]{4}-){2}[2-9a-hjkmnp-z]{4}$/);
    expect(12 * Math.log2(31)).toBeGreaterThan(50);
  });

  it("are accepted once each, in any case and with or without dashes", async () => {
    const person = await withTotp();
    const [first = "", second = "", third = ""] = person.codes;
    for (const code of [first.toUpperCase(), second.replaceAll("-", ""), ` ${third.replaceAll("-", " ")} `])
      expect((await enter(person, code)).status).toBe(200);
    for (const code of [first, second, third]) expect(said(await enter(person, code))).toEqual([401, "invalid_credentials"]);
    expect(await database.db.recoveryCode.count({ where: { userId: person.id, usedAt: null } })).toBe(7);
    expect((await auditOf(person.id)).filter((action) => action === "recovery_code_used")).toHaveLength(3);
  });

  it("are accepted once in ten concurrent requests", async () => {
    const person = await withTotp();
    const answers = await Promise.all(Array.from({ length: 10 }, () => enter(person, person.codes[0])));
    expect(countSuccesses(answers, [401, "invalid_credentials"])).toBe(1);
  });

  it("are all replaced at the same time", async () => {
    const person = await withTotp();
    const fresh = codesOf(await renew(person));
    expect(fresh.filter((code) => person.codes.includes(code))).toEqual([]);
    expect(said(await enter(person, person.codes[0]))).toEqual([401, "invalid_credentials"]);
    expect((await enter(person, fresh[0])).status).toBe(200);
    expect(await auditOf(person.id)).toContain("recovery_codes_renewed");
  });
});

describe("disabling two-factor authentication", () => {
  it("requires the password, and deletes the secret and the recovery codes", async () => {
    const person = await withTotp();
    expect(said(await remove(person, "not the one"))).toEqual([401, "invalid_credentials"]);
    expect(said(await enter(person))).toEqual([401, "totp_required"]);
    expect((await remove(person, PASSWORD)).status).toBe(204);
    expect((await enter(person)).status).toBe(200);
    const { totpSecret: secret, totpEnabledAt } = await database.db.credential.findUniqueOrThrow({ where: { userId: person.id } });
    expect([secret, totpEnabledAt, await database.db.recoveryCode.count({ where: { userId: person.id } })]).toEqual([null, null, 0]);
    expect(await auditOf(person.id)).toContain("totp_disabled");
  });
});

describe("changing the second factor", () => {
  it("notifies the confirmed email address, and no other", async () => {
    const person = await newMember(node);
    const plain = await newMember(node);
    const value = "ann.factors@example.org";
    await setContact(node.services, { userId: person.id, kind: "email", value, isVerified: true });
    await setContact(node.services, { userId: plain.id, kind: "email", value: "plain.factors@example.org", isVerified: false });
    for (const one of [person, plain]) {
      const { secret } = totpSecret.parse((await begin(one)).body);
      await confirm(one, codeAt(secret, clock.now()));
      await renew(one);
      await remove(one, PASSWORD);
    }
    const mails = node.deps.outbox?.list(value) ?? [];
    expect(mails).toHaveLength(3);
    expect(mails.map(({ text }) => text).join()).not.toMatch(/([2-9a-hjkmnp-z]{4}-){2}|otpauth:|[A-Z2-7]{32}/);
    expect(node.deps.outbox?.list("plain.factors@example.org")).toEqual([]);
  });
});

describe("second factor endpoints", () => {
  it("require recent authentication after 10 minutes, and are available again after step-up", async () => {
    const fresh = await newMember(node);
    const person = await withTotp();
    clock.advance(limits.stepUpMs);
    for (const [answer, methods] of [
      [await begin(fresh), ["password"]],
      [await renew(person), ["password", "totp"]],
    ] as const)
      expect([...said(answer), answer.body.methods]).toEqual([403, "step_up_required", methods]);
    expect(await database.db.credential.count({ where: { userId: fresh.id, totpSecret: { not: null } } })).toBe(0);
    expect((await post(fresh, "/api/auth/step-up", { password: PASSWORD })).status).toBe(200);
    expect((await begin(fresh)).status).toBe(200);
    const asked = await post(person, "/api/auth/step-up", { password: PASSWORD });
    expect([...said(asked), asked.body.methods]).toEqual([401, "totp_required", ["totp"]]);
    const totpCode = codeAt(person.secret, clock.now());
    expect((await post(person, "/api/auth/step-up", { password: PASSWORD, totpCode })).status).toBe(200);
    expect((await renew(person)).status).toBe(200);
  });

  it("reject guests and anonymous callers", async () => {
    const { visitor, auth } = await newGuest(node);
    const calls: [method: string, path: string, body?: unknown][] = [
      ["POST", "/api/auth/totp"],
      ["POST", "/api/auth/totp/confirm", { code: "123456" }],
      ["DELETE", "/api/auth/totp", { password: PASSWORD }],
      ["POST", "/api/auth/recovery-codes"],
      ["GET", "/api/auth/passkeys"],
      ["POST", "/api/auth/passkeys/options"],
      ["POST", "/api/auth/passkeys", { challengeId: "01900000-0000-7000-8000-000000000000", response: { id: "x" } }],
      ["DELETE", "/api/auth/passkeys/01900000-0000-7000-8000-000000000000"],
    ];
    for (const [method, path, body] of calls) {
      expect(said(await visitor.call(path, { method, body, headers: auth }))).toEqual([403, "account_required"]);
      expect(said(await visitor.call(path, { method, body }))).toEqual([401, "unauthenticated"]);
    }
  });

  it("count five attempts in 15 minutes, successful or not", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1, now: clock.now });
    const person = await withTotp();
    const other = await withTotp();
    const check = ({ id }: { id: string }, totpCode: string) => checkSecondFactor(strangerCtx(strict.services), id, { totpCode });
    await check(person, codeAt(person.secret, clock.now()));
    for (const wrong of ["000000", "00000", "abcd-efgh-jkmn", `${person.codes[0]}x`])
      await expect(check(person, wrong)).rejects.toMatchObject({ code: "invalid_credentials" });
    await expect(check(person, String(person.codes[0]))).rejects.toMatchObject({ code: "rate_limited" });
    await check(other, String(other.codes[0]));
    await strict.close();
  });

  it("accept the owner on a known device after a stranger's guesses, however many codes were tried", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1, now: clock.now, env: { TRUST_PROXY: "1" } });
    const person = await withTotp();
    const guesses = Array.from({ length: 8 }, (_, guess) => ({ password: `guess ${guess}`, totpCode: String(100_000 + guess) }));
    for (const guess of guesses) await signIn(strict, { identifier: person.username, ...guess });
    const browser = new Visitor(strict.url);
    for (const [name, value] of person.visitor.cookies) browser.cookies.set(name, value);
    const totpCode = codeAt(person.secret, clock.now());
    expect((await signIn(strict, { identifier: person.username, totpCode }, { visitor: await browser.open() })).status).toBe(200);
    await strict.close();
  });
});
