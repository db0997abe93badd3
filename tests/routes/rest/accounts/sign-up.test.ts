import { describe, expect, it, vi } from "vitest";
import { session } from "../../../../utils/contract/schemas/auth.ts";
import { newGuest, newMember, newUsername, PASSWORD, said, signIn } from "../../../support/accounts.ts";
import { movableClock } from "../../../support/clock.ts";
import { makeMember } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const clock = movableClock();

const { app: node, database } = await appForFile({ now: clock.now });

const counts = async () => ({
  users: await database.db.user.count(),
  sessions: await database.db.session.count(),
  credentials: await database.db.credential.count(),
  contacts: await database.db.contact.count(),
  audit: await database.db.auditEntry.count(),
});

async function trySignUp(body: Record<string, unknown>) {
  const visitor = await new Visitor(node.url).open();
  return visitor.post("/api/auth/signup", { username: newUsername(), password: PASSWORD, ...body });
}

/** Checks that invalid sign-up data is rejected without changes, and then that valid data is accepted. */
async function expectRejectedThenAccepted(rejected: Record<string, unknown>, accepted: Record<string, unknown>) {
  const before = await counts();
  const answer = await trySignUp(rejected);
  expect(await counts()).toEqual(before);
  expect((await trySignUp(accepted)).status).toBe(201);
  return answer;
}

describe("signing up", () => {
  it("returns a session; the account can sign in and stores only a hash of the password", async () => {
    const username = newUsername("anna").toUpperCase();
    const body = { username: ` ${username} `, displayName: "Anna  Lena", languages: ["de", "en"], acceptedRulesVersion: 3 };
    const { answer, id, visitor } = await newMember(node, { ...body, birthDate: "1990-05-17" });
    expect(session.parse(answer.body)).toEqual(answer.body);
    const name = username.toLowerCase();
    expect(answer.body.user).toMatchObject({
      username: name,
      displayName: "Anna Lena",
      kind: "member",
      role: "member",
      languages: ["de", "en"],
    });
    expect(answer.headers.get("location")).toBe("/api/auth/me");
    expect([...visitor.cookies.keys()].sort()).toEqual(["browser_id", "known_device", "refresh_token"]);
    expect((await signIn(node, { identifier: name.toUpperCase() })).status).toBe(200);
    const user = await database.db.user.findUniqueOrThrow({ where: { id }, include: { credential: true, sessions: true } });
    expect(user.credential?.passwordHash).toMatch(/^\$2b\$05\$/);
    expect(user.sessions[0]?.provenAt).not.toBeNull();
    expect(Buffer.from(user.birthDate ?? []).toString("latin1")).not.toContain("1990");
    const actions = await database.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: "asc" } });
    expect(actions.map(({ action }) => action)).toEqual(["account_created", "signed_in", "signed_in"]);
    expect(JSON.stringify(actions)).not.toContain(name);
  });

  it("uses the username as display name if none is given", async () => {
    const { answer, username } = await newMember(node);
    expect(answer.body.user).toMatchObject({ displayName: username });
  });

  it("sends a welcome mail and a confirmation; the address can sign in only after that", async () => {
    const email = "Anna.Mail@Example.org";
    const { id } = await newMember(node, { email });
    const mails = await vi.waitFor(() => {
      const list = node.deps.outbox?.list("Anna.Mail@example.org") ?? [];
      expect(list).toHaveLength(2);
      return list;
    });
    expect(said(await signIn(node, { identifier: email }))).toEqual([401, "invalid_credentials"]);
    const token = mails.find(({ code }) => code !== undefined)?.code;
    expect((await (await new Visitor(node.url).open()).post("/api/auth/verify-email", { token })).status).toBe(204);
    const answer = await signIn(node, { identifier: " anna.mail@EXAMPLE.org " });
    expect(answer.body.user).toMatchObject({ id });
  });

  it("creates one account from concurrent sign-ups for one username, and suggests available ones to the others", async () => {
    const username = newUsername("wanted");
    const forms = [username, username.toUpperCase(), username.replace("-", "_"), username, username];
    const answers = await Promise.all(forms.map((form) => trySignUp({ username: form })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const body = answers.find(({ status }) => status === 409)?.body ?? {};
    expect(body).toMatchObject({ code: "name_taken", field: "username", suggestions: Array(3).fill(expect.any(String)) });
    for (const suggestion of body.suggestions as string[]) expect((await trySignUp({ username: suggestion })).status).toBe(201);
  });
});

describe("rejected sign-ups change nothing", () => {
  it("for malformed usernames", async () => {
    for (const username of ["a", "a".repeat(33), "-anna", "anna lena", "änna", "аnna"]) {
      const answer = await expectRejectedThenAccepted({ username }, {});
      expect([...said(answer), answer.body.errors]).toEqual([400, "invalid_input", [{ path: "username", message: expect.any(String) }]]);
    }
  });

  it("for a username that resembles another, a moderator's name, or an official name", async () => {
    const { username } = await newMember(node, { username: newUsername("lil") });
    await makeMember(node.services, { role: "moderator", displayName: "Big Boss" });
    for (const taken of [username, username.replace("lil", "1i1"), "big.boss", "b1g-boss", "admin", "m0derator"]) {
      const answer = await expectRejectedThenAccepted({ username: taken }, {});
      expect([...said(answer), answer.body.field]).toEqual([409, "name_taken", "username"]);
    }
  });

  it("for a display name that resembles another user or the site; members may share one", async () => {
    const { username } = await newMember(node, { displayName: "Jo" });
    await makeMember(node.services, { role: "admin", displayName: "Grand Duke" });
    for (const displayName of [username.toUpperCase(), "Grаnd Duke", "The Admin Team"]) {
      const answer = await expectRejectedThenAccepted({ displayName }, { displayName: "Jo" });
      expect([...said(answer), (answer.body.suggestions as string[]).length]).toEqual([409, "name_taken", 3]);
    }
    expect(said(await trySignUp({ displayName: "J\u202Eo" }))).toEqual([400, "invalid_input"]);
  });

  it("nor does a rejected guest who wants a member's name", async () => {
    const { username } = await newMember(node);
    await expect(newGuest(node, username)).rejects.toThrow("name_taken");
    expect((await newGuest(node, newUsername())).answer.status).toBe(201);
  });

  it("for weak passwords", async () => {
    const username = newUsername("robert");
    const weak: [string, string][] = [
      ["ninechars", "too_short"],
      ["x".repeat(1_001), "too_long"],
      ["QwertyUiop", "common"],
      [`${username}1`, "like_name"],
    ];
    for (const [password, reason] of weak) {
      const answer = await trySignUp({ username, password });
      expect([...said(answer), answer.body.reason]).toEqual([422, "password_weak", reason]);
    }
    expect((await trySignUp({ username, password: "🦊🐻🐼🐨🐯🦁🐮🐷🐸🐵" })).status).toBe(201);
  });

  it("for an age below the minimum, to the day", async () => {
    const today = clock.now();
    const born = (days: number): string =>
      new Date(Date.UTC(today.getUTCFullYear() - 13, today.getUTCMonth(), today.getUTCDate() + days)).toISOString().slice(0, 10);
    const answer = await expectRejectedThenAccepted({ birthDate: born(1) }, { birthDate: born(0) });
    expect([...said(answer), answer.body.minAge]).toEqual([403, "under_age", 13]);
  });

  it("for an invalid email address", async () => {
    expect(said(await expectRejectedThenAccepted({ email: "anna@" }, { email: "anna@example.org" }))).toEqual([422, "email_not_allowed"]);
  });

  it("for fields that the user may not set", async () => {
    for (const field of ["role", "kind", "id", "usernameSkeleton", "verifiedAt"])
      expect(said(await expectRejectedThenAccepted({ [field]: "admin" }, {}))).toEqual([400, "invalid_input"]);
  });

  it("for a forged request, without the CSRF token", async () => {
    const before = await counts();
    const answer = await new Visitor(node.url).post("/api/auth/signup", { username: newUsername(), password: PASSWORD });
    expect(said(answer)).toEqual([403, "csrf_failed"]);
    expect(await counts()).toEqual(before);
  });
});
