import { describe, expect, it, vi } from "vitest";
import { median } from "../../../bench/figures.ts";
import { newMember, newUsername, PASSWORD, said, signIn } from "../../../support/accounts.ts";
import { bootApp } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { newAddress, newNumber, verifyPhone } from "../../../support/fakes/phones.ts";
import { appForFile } from "../../../support/for-file.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const NEXT = "another long password";
const clock = movableClock();

const { app: node, database } = await appForFile({ now: clock.now });

const meOf = (auth: Record<string, string>) => new Visitor(node.url).call("/api/auth/me", { headers: auth });
const actionsOf = async (subjectId: string) =>
  (await database.db.auditEntry.findMany({ where: { subjectId, actorId: subjectId }, orderBy: { id: "asc" } })).map(({ action }) => action);

/** Waits for the newest mail with a code to an address, and returns the code. */
const mailedCode = (to: string): Promise<string> =>
  vi.waitFor(() => {
    const code = node.deps.outbox?.list(to).find((mail) => mail.code !== undefined)?.code;
    if (code === undefined) throw new Error("no mail yet");
    return code;
  });

async function memberWithEmail() {
  const email = `${newUsername("mail")}@example.org`;
  const member = await newMember(node, { email });
  const token = await mailedCode(email);
  await member.visitor.post("/api/auth/verify-email", { token });
  return { ...member, email, firstCode: token };
}

describe("forgotten password", () => {
  const ask = async (identifier: string, app = node) =>
    (await new Visitor(app.url).open()).post("/api/auth/request-password-reset", { identifier }, newAddress());
  const reset = async (body: Record<string, unknown>) =>
    (await new Visitor(node.url).open()).post("/api/auth/reset-password", { newPassword: NEXT, ...body });
  const mails = (to: string): number => node.deps.outbox?.list(to).length ?? -1;

  async function mailedReset(member: { email: string; firstCode: string }, identifier: string): Promise<string> {
    const before = mails(member.email);
    await ask(identifier);
    await vi.waitFor(() => expect(mails(member.email)).toBe(before + 1));
    return mailedCode(member.email);
  }

  it("is reset once with a mailed link, which ends all sessions and keeps two-factor authentication", async () => {
    const member = await memberWithEmail();
    await database.db.credential.update({
      where: { userId: member.id },
      data: { totpSecret: new Uint8Array([1]), totpEnabledAt: clock.now() },
    });
    const token = await mailedReset(member, member.username);
    expect(said(await reset({ token, newPassword: "short" }))).toEqual([422, "password_weak"]);
    expect(said(await reset({ token, newPassword: `${member.username}!` }))).toEqual([422, "password_weak"]);
    expect((await reset({ token })).status).toBe(204);
    expect(said(await reset({ token }))).toEqual([422, "token_invalid"]);
    expect(said(await meOf(member.auth))).toEqual([401, "session_revoked"]);
    expect(said(await signIn(node, { identifier: member.email }))).toEqual([401, "invalid_credentials"]);
    expect(said(await signIn(node, { identifier: member.email, password: NEXT }))).toEqual([401, "totp_required"]);
    expect(await actionsOf(member.id)).toContain("password_reset");
  });

  it("returns the same response for any name, and mails only confirmed addresses", async () => {
    const member = await memberWithEmail();
    const unconfirmed = `${newUsername("mail")}@example.org`;
    const { username } = await newMember(node, { email: unconfirmed });
    await vi.waitFor(() => expect(mails(unconfirmed)).toBe(2));
    const names = [newUsername("nobody"), "nobody@example.org", unconfirmed, username, newNumber(), "\u0000", member.email.toUpperCase()];
    for (const name of names) {
      const answer = await ask(name);
      expect([answer.status, answer.body]).toEqual([202, {}]);
    }
    await vi.waitFor(() => expect(mails(member.email)).toBe(3));
    expect(mails(unconfirmed)).toBe(2);
    expect(await database.db.mailToken.count({ where: { purpose: "reset_password", usedAt: null } })).toBe(1);
  });

  it("does not reveal by response time whether an account exists", async () => {
    const member = await memberWithEmail();
    const visitor = await new Visitor(node.url).open();
    const times: Record<"known" | "unknown", number[]> = { known: [], unknown: [] };
    for (let round = 0; round < 40; round++)
      for (const kind of ["known", "unknown"] as const) {
        const identifier = kind === "known" ? member.username : newUsername("nobody");
        const began = performance.now();
        await visitor.post("/api/auth/request-password-reset", { identifier });
        times[kind].push(performance.now() - began);
      }
    expect(Math.abs(median(times.known) - median(times.unknown))).toBeLessThan(5);
  });

  it("link is valid for 30 minutes, until a newer link, another password or another address", async () => {
    const slow = await memberWithEmail();
    const twice = await memberWithEmail();
    const changed = await memberWithEmail();
    const old = await mailedReset(slow, slow.username);
    const first = await mailedReset(twice, twice.email);
    const before = await mailedReset(changed, changed.email);
    const second = await mailedReset(twice, twice.email);
    const body = { currentPassword: PASSWORD, newPassword: "a third long password" };
    expect((await changed.visitor.post("/api/auth/change-password", body, changed.auth)).status).toBe(204);
    expect(said(await reset({ token: first }))).toEqual([422, "token_invalid"]);
    expect(said(await reset({ token: before }))).toEqual([422, "token_invalid"]);
    expect(said(await reset({ token: slow.firstCode }))).toEqual([422, "token_invalid"]);
    expect((await reset({ token: second })).status).toBe(204);
    clock.advance(31 * 60_000);
    expect(said(await reset({ token: old }))).toEqual([422, "token_invalid"]);
    expect((await reset({ token: await mailedReset(slow, slow.username) })).status).toBe(204);
  });

  it("is reset with a confirmed number, whose proof is valid for nothing else", async () => {
    const number = newNumber();
    const member = await newMember(node, { phoneProof: await verifyPhone(node, number) });
    clock.advance(61_000);
    const signUpProof = await verifyPhone(node, number);
    clock.advance(121_000);
    const phoneProof = await verifyPhone(node, number, { purpose: "reset" });
    expect(said(await reset({ phoneProof: signUpProof }))).toEqual([422, "phone_proof_invalid"]);
    expect(said(await reset({ phoneProof, token: "x".repeat(43) }))).toEqual([400, "invalid_input"]);
    expect(said(await reset({ phoneProof, newPassword: "password12" }))).toEqual([422, "password_weak"]);
    expect((await reset({ phoneProof })).status).toBe(204);
    expect(said(await reset({ phoneProof }))).toEqual([422, "phone_proof_invalid"]);
    expect(said(await meOf(member.auth))).toEqual([401, "session_revoked"]);
    expect((await signIn(node, { identifier: number, password: NEXT })).status).toBe(200);
  });

  it("sends at most 5 mails in 15 minutes, which the response does not reveal", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" } });
    const member = await memberWithEmail();
    const sent = () => strict.deps.outbox?.list(member.email).length ?? -1;
    for (let n = 1; n <= 5; n++) {
      expect((await ask(member.username, strict)).status).toBe(202);
      await vi.waitFor(() => expect(sent()).toBe(n));
    }
    for (let n = 0; n < 3; n++) expect((await ask(member.email, strict)).status).toBe(202);
    const other = await memberWithEmail();
    const address = newAddress();
    const visitor = await new Visitor(strict.url).open();
    const codes: unknown[] = [];
    for (let n = 0; n < 6; n++)
      codes.push((await visitor.post("/api/auth/request-password-reset", { identifier: other.email }, address)).status);
    expect(codes).toEqual([202, 202, 202, 202, 202, 429]);
    await vi.waitFor(() => expect(strict.deps.outbox?.list(other.email)).toHaveLength(5));
    expect(sent()).toBe(5);
    await strict.close();
  });
});
