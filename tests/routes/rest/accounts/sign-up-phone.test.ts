import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newMember, newUsername, PASSWORD, said, signIn } from "../../../support/accounts.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { newNumber, verifyPhone } from "../../../support/fakes/phones.ts";
import { databaseForFile } from "../../../support/for-file.ts";
import { Visitor } from "../../../support/page/visitor.ts";

let strict: App;

const database = await databaseForFile();

beforeAll(async () => {
  strict = await bootApp({ database: database.url, env: { SIGNUP_PHONE: "required" } });
});
afterAll(async () => {
  await strict.close();
});

const counts = async () => ({
  users: await database.db.user.count(),
  sessions: await database.db.session.count(),
  contacts: await database.db.contact.count(),
  audit: await database.db.auditEntry.count(),
});

async function trySignUp(body: Record<string, unknown>) {
  const visitor = await new Visitor(strict.url).open();
  return visitor.post("/api/auth/signup", { username: newUsername(), password: PASSWORD, ...body });
}

describe("phone number at sign-up", () => {
  it("is required if the site is configured so, and is stored encrypted with the account", async () => {
    const number = newNumber();
    const phoneProof = await verifyPhone(strict, number);
    const before = await counts();
    expect(said(await trySignUp({}))).toEqual([422, "phone_required"]);
    expect(await counts()).toEqual(before);
    expect((await trySignUp({ phoneProof })).status).toBe(201);
    expect((await signIn(strict, { identifier: number })).status).toBe(200);
    const contact = await database.db.contact.findFirstOrThrow({ where: { kind: "phone" }, orderBy: { createdAt: "desc" } });
    expect(contact.verifiedAt).not.toBeNull();
    expect(Buffer.from(contact.sealed).toString("latin1")).not.toContain(number.slice(3));
  });

  it("opens one account: a proof works once, and a rejected second account does not use up its proof", async () => {
    const number = newNumber();
    const first = await verifyPhone(strict, number);
    const second = await verifyPhone(strict, number);
    expect((await trySignUp({ phoneProof: first })).status).toBe(201);
    const before = await counts();
    expect(said(await trySignUp({ phoneProof: first }))).toEqual([422, "phone_proof_invalid"]);
    expect(said(await trySignUp({ phoneProof: second }))).toEqual([409, "phone_taken"]);
    expect(said(await trySignUp({ phoneProof: "x".repeat(43) }))).toEqual([422, "phone_proof_invalid"]);
    expect(await counts()).toEqual(before);
    expect(await database.db.phoneVerification.count({ where: { proofUsedAt: null, proofHash: { not: null } } })).toBe(1);
  });

  it("requires a proof for this purpose", async () => {
    const number = newNumber();
    await newMember(strict, { phoneProof: await verifyPhone(strict, number) });
    const phoneProof = await verifyPhone(strict, number, { purpose: "reset" });
    expect(said(await trySignUp({ phoneProof }))).toEqual([422, "phone_proof_invalid"]);
  });
});

describe("sign-up rate limit", () => {
  it("allows 5 per address in 15 minutes", async () => {
    const small = await bootApp({ database: database.url, limitsScale: 1 });
    const visitor = await new Visitor(small.url).open();
    const make = () => visitor.post("/api/auth/signup", { username: newUsername(), password: PASSWORD });
    for (let made = 0; made < 5; made++) expect((await make()).status).toBe(201);
    const before = await counts();
    const { body, ...rest } = await make();
    expect(said({ body, ...rest })).toEqual([429, "rate_limited"]);
    expect(Number(body.retryAfterMs)).toBeGreaterThan(14 * 60_000);
    expect(await counts()).toEqual(before);
    await small.close();
  });
});
