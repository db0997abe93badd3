import { describe, expect, it } from "vitest";
import { steppedUp } from "../../../../utils/contract/schemas/accounts.ts";
import { newGuest, newMember, PASSWORD, type SignedInVisitor, said } from "../../../support/accounts.ts";
import { bootApp } from "../../../support/app.ts";
import { movableClock } from "../../../support/clock.ts";
import { appForFile } from "../../../support/for-file.ts";
import { bearer, Visitor } from "../../../support/page/visitor.ts";

const WRONG = "wrong horse battery";
const clock = movableClock();

const { app: node, database } = await appForFile({ now: clock.now });

const meOf = (auth: Record<string, string>) => new Visitor(node.url).call("/api/auth/me", { headers: auth });
const actionsOf = async (subjectId: string) =>
  (await database.db.auditEntry.findMany({ where: { subjectId, actorId: subjectId }, orderBy: { id: "asc" } })).map(({ action }) => action);

describe("step-up", () => {
  const stepUp = ({ visitor, auth }: Pick<SignedInVisitor, "visitor" | "auth">, body: Record<string, unknown>) =>
    visitor.post("/api/auth/step-up", body, auth);
  const expiry = async (auth: Record<string, string>) => (await meOf(auth)).body.stepUpExpiresAt;

  it("unlocks sensitive endpoints for this session for 10 minutes after sign-in and after each step-up", async () => {
    const member = await newMember(node);
    clock.advance(11 * 60_000);
    const fresh = bearer((await member.visitor.post("/api/auth/refresh")).body.accessToken);
    const change = () => member.visitor.post("/api/auth/change-email", { email: null }, fresh);
    expect(said(await change())).toEqual([403, "step_up_required"]);
    expect(said(await stepUp({ ...member, auth: fresh }, { password: WRONG }))).toEqual([401, "invalid_credentials"]);
    expect(said(await change())).toEqual([403, "step_up_required"]);
    const answer = await stepUp({ ...member, auth: fresh }, { password: PASSWORD });
    expect(steppedUp.parse(answer.body)).toEqual(answer.body);
    expect(Date.parse(String(answer.body.stepUpExpiresAt)) - clock.now().getTime()).toBeGreaterThan(590_000);
    expect(await expiry(fresh)).toBe(answer.body.stepUpExpiresAt);
    expect((await change()).status).toBe(202);
    expect((await actionsOf(member.id)).filter((action) => action === "stepped_up")).toHaveLength(1);
  });

  it("requires the second factor if there is one, and is not available to guests", async () => {
    const member = await newMember(node);
    const guest = await newGuest(node);
    await database.db.credential.update({
      where: { userId: member.id },
      data: { totpSecret: new Uint8Array([1]), totpEnabledAt: clock.now() },
    });
    expect(said(await stepUp(member, { password: PASSWORD }))).toEqual([401, "totp_required"]);
    expect(said(await stepUp(member, { totpCode: "123456" }))).toEqual([400, "invalid_input"]);
    expect(said(await stepUp(guest, { password: PASSWORD }))).toEqual([403, "account_required"]);
  });

  it("is limited to 5 attempts in 15 minutes", async () => {
    const strict = await bootApp({ database: database.url, limitsScale: 1, now: clock.now });
    const member = await newMember(strict);
    for (let n = 0; n < 5; n++) expect(said(await stepUp(member, { password: WRONG }))).toEqual([401, "invalid_credentials"]);
    expect(said(await stepUp(member, { password: PASSWORD }))).toEqual([429, "rate_limited"]);
    await strict.close();
  });
});
