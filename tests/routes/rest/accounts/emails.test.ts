import { beforeAll, describe, expect, it } from "vitest";
import { movableClock } from "../../../support/clock.ts";
import { makeGuest, makeMember } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

let visitor: Visitor;
const clock = movableClock();

const { app: node, database } = await appForFile({ env: { PUBLIC_URL: "https://chat.example.net" }, now: clock.now });

beforeAll(async () => {
  visitor = await new Visitor(node.url).open();
});

let count = 0;
function newEmail(): string {
  count += 1;
  return `person${count}@example.org`;
}
const said = ({ status, body }: { status: number; body: Record<string, unknown> }) => [status, body.code];
const mails = (to: string) => node.deps.outbox?.list(to) ?? [];

async function member() {
  const person = await makeMember(node.services);
  await database.db.session.update({ where: { id: person.sessionId }, data: { provenAt: clock.now() } });
  return { ...person, headers: bearer(person.token) };
}

const change = (headers: Record<string, string>, email: string | null, more: Record<string, string> = {}) =>
  visitor.post("/api/auth/change-email", { email }, { ...headers, ...more });
const verify = (token: unknown) => visitor.post("/api/auth/verify-email", { token });
const tokenOf = (email: string): string => mails(email)[0]?.code ?? "";
const emailOf = (userId: string) => database.db.contact.findUnique({ where: { userId_kind: { userId, kind: "email" } } });

async function confirmed(email = newEmail()) {
  const person = await member();
  expect((await change(person.headers, email)).status).toBe(202);
  expect((await verify(tokenOf(email))).status).toBe(204);
  return { ...person, email };
}

describe("changing the email address", () => {
  it("mails a link; the address is encrypted and takes effect only after the link was followed", async () => {
    const { id, headers, sessionId } = await member();
    const email = newEmail();
    expect(await change(headers, email)).toMatchObject({ status: 202, body: {} });
    const [mail, ...others] = mails(email);
    expect(others).toEqual([]);
    expect(mail?.text).toContain(`https://chat.example.net/verify-email#${mail?.code}`);
    const row = await emailOf(id);
    expect([row?.verifiedAt, Buffer.from(row?.sealed ?? []).includes(email)]).toEqual([null, false]);
    expect(await verify(mail?.code)).toMatchObject({ status: 204 });
    expect((await emailOf(id))?.verifiedAt).toBeInstanceOf(Date);
    const entries = await database.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { at: "asc" } });
    expect(entries.map(({ action, actorId, data }) => ({ action, actorId, data }))).toEqual([
      { action: "email_changed", actorId: id, data: { sessionId } },
      { action: "email_verified", actorId: id, data: {} },
    ]);
    const tokens = await database.db.mailToken.findMany({ where: { userId: id } });
    expect(JSON.stringify(tokens.map(({ hash }) => Buffer.from(hash).toString("base64url")))).not.toContain(mail?.code);
    expect(node.log.join("")).not.toContain(String(mail?.code));
    expect(node.log.join("")).not.toContain(email);
  });

  it("notifies the former address if it was confirmed, and no other", async () => {
    const ann = await confirmed();
    const next = newEmail();
    const last = newEmail();
    await change(ann.headers, next);
    expect(mails(ann.email)).toHaveLength(2);
    expect(mails(ann.email)[0]).toMatchObject({ text: expect.stringContaining("wasn’t you") });
    expect(mails(ann.email)[0]?.code).toBeUndefined();
    await change(ann.headers, last);
    expect(mails(next)).toHaveLength(1);
    expect(await database.db.contact.count({ where: { userId: ann.id } })).toBe(1);
  });

  it("to null removes it and notifies the former address", async () => {
    const ann = await confirmed();
    expect((await change(ann.headers, null)).status).toBe(202);
    expect([await emailOf(ann.id), mails(ann.email).length]).toEqual([null, 2]);
    expect((await change(ann.headers, null)).status).toBe(202);
  });

  it("to the current address changes nothing, but resends the link if it is unconfirmed", async () => {
    const ann = await member();
    const email = newEmail();
    await change(ann.headers, email);
    const first = tokenOf(email);
    await change(ann.headers, email);
    expect(mails(email)).toHaveLength(2);
    expect(said(await verify(first))).toEqual([422, "token_invalid"]);
    expect((await verify(tokenOf(email))).status).toBe(204);
    await change(ann.headers, email);
    expect(mails(email)).toHaveLength(2);
    expect((await emailOf(ann.id))?.verifiedAt).toBeInstanceOf(Date);
  });

  it("returns the same response for an address of another account, which keeps it", async () => {
    const bob = await confirmed();
    const ann = await member();
    const eve = await member();
    const taken = await change(ann.headers, bob.email);
    const free = await change(eve.headers, newEmail());
    expect([taken.status, taken.body, [...taken.headers.keys()].sort()]).toEqual([free.status, free.body, [...free.headers.keys()].sort()]);
    expect(said(await verify(tokenOf(bob.email)))).toEqual([409, "email_taken"]);
    expect((await emailOf(bob.id))?.verifiedAt).toBeInstanceOf(Date);
    expect((await emailOf(ann.id))?.verifiedAt).toBeNull();
  });

  it("confirms the same address for only one of two users, regardless of case", async () => {
    const ann = await member();
    const bob = await member();
    await change(ann.headers, "Twin@EXAMPLE.org");
    await change(bob.headers, "tWIN@example.org");
    const tokens = [tokenOf("Twin@example.org"), tokenOf("tWIN@example.org")];
    expect((await Promise.all(tokens.map(verify))).map(({ status }) => status).sort()).toEqual([204, 409]);
  });

  it("requires an account and recent authentication", async () => {
    const ann = await member();
    const guest = await makeGuest(node.services);
    expect(said(await change(bearer(guest.token), newEmail()))).toEqual([403, "account_required"]);
    await database.db.session.update({ where: { id: ann.sessionId }, data: { provenAt: new Date(Date.now() - 11 * MINUTE) } });
    const email = newEmail();
    expect(said(await change(ann.headers, email))).toEqual([403, "step_up_required"]);
    expect([await emailOf(ann.id), mails(email)]).toEqual([null, []]);
  });

  it.each([
    ["", "ann", "ann@", "@example.org", "ann@localhost", "ann@192.0.2.1", "ann@example..org", "a b@example.org", "ann@exa_mple.org"],
    [
      "ann@example.org, eve@example.org",
      "ann@example.org\r\nBcc: eve@example.org",
      "<ann@example.org>",
      '"a b"@example.org',
      "a..n@example.org",
    ],
  ])("rejects invalid addresses", async (...texts) => {
    const { id, headers } = await member();
    for (const text of texts) expect([text, ...said(await change(headers, text))]).toEqual([text, 422, "email_not_allowed"]);
    expect(await emailOf(id)).toBeNull();
    expect((await change(headers, "  ann.o'neil+x@Bücher.example ")).status).toBe(202);
    expect(mails("ann.o'neil+x@xn--bcher-kva.example").length).toBeGreaterThan(0);
  });

  it("sends the mail in the caller's language", async () => {
    const { headers } = await member();
    const email = newEmail();
    await change(headers, email, { "accept-language": "ja" });
    expect(mails(email)[0]?.text).toContain("リンクは2日間有効です");
  });
});

describe("confirmation link of an address", () => {
  it("works once, for two days", async () => {
    const { headers } = await member();
    const email = newEmail();
    await change(headers, email);
    const token = tokenOf(email);
    expect((await Promise.all(Array.from({ length: 4 }, () => verify(token)))).map(({ status }) => status).sort()).toEqual([
      204, 422, 422, 422,
    ]);
    const late = await member();
    const lateEmail = newEmail();
    await change(late.headers, lateEmail);
    clock.advance(2 * DAY + MINUTE);
    expect(said(await verify(tokenOf(lateEmail)))).toEqual([422, "token_invalid"]);
    expect((await emailOf(late.id))?.verifiedAt).toBeNull();
  });

  it("is invalid if the address was changed since, or if it was never sent", async () => {
    const { headers } = await member();
    const first = newEmail();
    const second = newEmail();
    await change(headers, first);
    await change(headers, second);
    expect(said(await verify(tokenOf(first)))).toEqual([422, "token_invalid"]);
    expect(said(await verify("x".repeat(43)))).toEqual([422, "token_invalid"]);
    expect((await verify(tokenOf(second))).status).toBe(204);
  });

  it("for a password reset does not confirm an address", async () => {
    const { id, headers } = await member();
    const email = newEmail();
    await change(headers, email);
    await database.db.mailToken.updateMany({ where: { userId: id }, data: { purpose: "reset_password" } });
    expect(said(await verify(tokenOf(email)))).toEqual([422, "token_invalid"]);
    await database.db.mailToken.updateMany({ where: { userId: id }, data: { purpose: "verify_email" } });
    expect((await verify(tokenOf(email))).status).toBe(204);
  });
});
