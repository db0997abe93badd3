import bcrypt from "bcrypt";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createPasswords } from "../../../../services/auth/passwords/passwords.ts";
import { session } from "../../../../utils/contract/schemas/auth.ts";
import { median } from "../../../bench/figures.ts";
import { newMember, newUsername, PASSWORD, type SignedInVisitor, said, signIn } from "../../../support/accounts.ts";
import { type App, bootApp } from "../../../support/app.ts";
import { makeMember } from "../../../support/factories.ts";
import { newAddress, newNumber, verifyPhone } from "../../../support/fakes/phones.ts";
import { appForFile } from "../../../support/for-file.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const { app: node, database } = await appForFile();

const WRONG = "wrong horse battery";
const sessionsOf = (userId: string) => database.db.session.count({ where: { userId } });
const actionsOf = async (subjectId: string) =>
  (await database.db.auditEntry.findMany({ where: { subjectId }, orderBy: { id: "asc" } })).map(({ action }) => action);

describe("signing in", () => {
  it("returns a session, by username or confirmed number, on any number of devices", async () => {
    const number = newNumber();
    const member = await newMember(node, { phoneProof: await verifyPhone(node, number) });
    for (const identifier of [member.username, ` ${member.username.toUpperCase()} `, number, `${number.slice(0, 3)} ${number.slice(3)}`]) {
      const answer = await signIn(node, { identifier });
      expect(answer.status).toBe(200);
      expect(session.parse(answer.body).user).toMatchObject({ id: member.id, username: member.username });
    }
    expect(await sessionsOf(member.id)).toBe(5);
  });

  it("rejects all wrong credentials with the same error, opens no session, and records it", async () => {
    const member = await newMember(node);
    const answers = [
      await signIn(node, { identifier: member.username, password: WRONG }),
      await signIn(node, { identifier: member.username, password: PASSWORD.toUpperCase() }),
      await signIn(node, { identifier: newUsername("nobody") }),
      await signIn(node, { identifier: "nobody@example.org" }),
      await signIn(node, { identifier: newNumber() }),
      await signIn(node, { identifier: "\u0000' OR 1=1 --" }),
    ];
    const bodies = answers.map(({ body: { requestId: _id, ...rest } }) => rest);
    expect(answers.map(said)[0]).toEqual([401, "invalid_credentials"]);
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(1);
    expect(answers.map(({ headers }) => headers.getSetCookie())).toEqual(answers.map(() => []));
    expect(await sessionsOf(member.id)).toBe(1);
    expect(await actionsOf(member.id)).toEqual(["account_created", "signed_in", "sign_in_failed", "sign_in_failed"]);
    expect((await signIn(node, { identifier: member.username })).status).toBe(200);
  });

  it("compares the whole password, in any Unicode normalization", async () => {
    const password = `${"a long one ".repeat(8)}é\u0000end`;
    const { username } = await newMember(node, { password });
    const cut = [password.slice(0, 72), password.slice(0, -1), password.replace("\u0000end", ""), `${password} `];
    for (const wrong of cut)
      expect(said(await signIn(node, { identifier: username, password: wrong }))).toEqual([401, "invalid_credentials"]);
    expect((await signIn(node, { identifier: username, password: password.normalize("NFD") })).status).toBe(200);
  });

  it("fails for an account that was erased, or that never had a password", async () => {
    const number = newNumber();
    const { id } = await newMember(node, { phoneProof: await verifyPhone(node, number) });
    expect((await signIn(node, { identifier: number })).status).toBe(200);
    await database.db.user.update({ where: { id }, data: { erasedAt: new Date(), username: null, usernameSkeleton: null } });
    const bot = await makeMember(node.services, { kind: "bot" });
    for (const identifier of [number, bot.actor.username ?? ""])
      expect(said(await signIn(node, { identifier }))).toEqual([401, "invalid_credentials"]);
  });

  it("rehashes the password at the current cost", async () => {
    const { id, username } = await newMember(node);
    const hashOf = async () => (await database.db.credential.findUniqueOrThrow({ where: { userId: id } })).passwordHash;
    const digest = await hashOf();
    const cheap = createPasswords({ cost: 4 });
    await database.db.credential.update({ where: { userId: id }, data: { passwordHash: await cheap.hash(PASSWORD) } });
    expect(said(await signIn(node, { identifier: username, password: WRONG }))).toEqual([401, "invalid_credentials"]);
    expect(bcrypt.getRounds(await hashOf())).toBe(4);
    expect((await signIn(node, { identifier: username })).status).toBe(200);
    const renewed = await hashOf();
    expect([bcrypt.getRounds(renewed), renewed === digest]).toEqual([5, false]);
    expect((await signIn(node, { identifier: username })).status).toBe(200);
    expect(await hashOf()).toBe(renewed);
  });
});

describe("account enumeration", () => {
  it("is not possible by response time: an unknown name takes as long as a known one", async () => {
    const { username } = await newMember(node);
    const visitor = await new Visitor(node.url).open();
    const times: Record<"known" | "unknown", number[]> = { known: [], unknown: [] };
    const tryOne = async (kind: "known" | "unknown"): Promise<void> => {
      const identifier = kind === "known" ? username : newUsername("nobody");
      const began = performance.now();
      await signIn(node, { identifier, password: WRONG }, { visitor });
      times[kind].push(performance.now() - began);
    };
    for (let round = 0; round < 60; round++) for (const kind of ["known", "unknown"] as const) await tryOne(kind);
    const ratio = median(times.known) / median(times.unknown);
    expect(ratio).toBeGreaterThan(0.75);
    expect(ratio).toBeLessThan(1.33);
  });
});

describe("documented sign-in limits", () => {
  let strict: App;
  let owner: SignedInVisitor;
  beforeAll(async () => {
    strict = await bootApp({ database: database.url, limitsScale: 1, env: { TRUST_PROXY: "1" } });
    owner = await newMember(strict);
  });
  afterAll(() => strict.close());

  const tries = async (count: number, identifier: () => string, headers: () => Record<string, string>) => {
    const visitor = await new Visitor(strict.url).open();
    const codes: unknown[] = [];
    for (let n = 0; n < count; n++)
      codes.push((await signIn(strict, { identifier: identifier(), password: WRONG }, { visitor, headers: headers() })).body.code);
    return codes;
  };

  it("allow 5 attempts in 15 minutes for one address, across accounts", async () => {
    const here = newAddress();
    const codes = await tries(
      6,
      () => newUsername("nobody"),
      () => here,
    );
    expect(codes).toEqual([...Array<string>(5).fill("invalid_credentials"), "rate_limited"]);
    const answer = await signIn(strict, { identifier: owner.username }, { headers: here });
    expect(said(answer)).toEqual([429, "rate_limited"]);
    expect(Number(answer.body.retryAfterMs)).toBeGreaterThan(14 * 60_000);
    expect((await signIn(strict, { identifier: owner.username })).status).toBe(200);
  });

  it("allow 5 attempts for one account from all unknown devices, even if it does not exist; the owner's device is not affected", async () => {
    const { username, visitor } = await newMember(strict);
    const nobody = newUsername("nobody");
    const known = await tries(6, () => username, newAddress);
    const unknown = await tries(6, () => nobody, newAddress);
    expect(known).toEqual([...Array<string>(5).fill("invalid_credentials"), "rate_limited"]);
    expect(unknown).toEqual(known);
    expect(said(await signIn(strict, { identifier: username }))).toEqual([429, "rate_limited"]);
    for (let n = 0; n < 5; n++) expect((await signIn(strict, { identifier: username }, { visitor })).status).toBe(200);
    expect(said(await signIn(strict, { identifier: username }, { visitor }))).toEqual([429, "rate_limited"]);
  });

  it("ignore a forged or foreign device cookie", async () => {
    const victim = await newMember(strict);
    const thief = await newMember(strict);
    await tries(5, () => victim.username, newAddress);
    const own = thief.visitor.cookies.get("known_device") ?? "";
    const [body = "", signature = ""] = own.split(".");
    const device = JSON.parse(Buffer.from(body, "base64url").toString()) as { userIds: string[] };
    const forged = Buffer.from(JSON.stringify({ ...device, userIds: [victim.id] })).toString("base64url");
    for (const cookie of [own, `${forged}.${signature}`, forged, "", "x".repeat(5_000)]) {
      thief.visitor.cookies.set("known_device", cookie);
      const answer = await signIn(strict, { identifier: victim.username }, { visitor: thief.visitor });
      expect(said(answer)).toEqual([429, "rate_limited"]);
    }
    expect((await signIn(strict, { identifier: victim.username }, { visitor: victim.visitor })).status).toBe(200);
  });
});
