import { expect, it } from "vitest";
import { memberOnly, requireRecentAuth } from "../../../../services/auth/factors/recent-auth.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import { movableClock } from "../../../support/clock.ts";
import { ctxOf } from "../../../support/ctx.ts";
import { makeGuest, makeMember, makeSession } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();

const { app: node, database } = await appForFile({ now: clock.now });

it("recent authentication: accepts an actor who authenticated in this session within 10 minutes", async () => {
  const member = await makeMember(node.services, { isProven: true });
  clock.advance(limits.stepUpMs - 1_000);
  await expect(requireRecentAuth(ctxOf(node.services, member))).resolves.toBeUndefined();
  clock.advance(2_000);
  await expect(requireRecentAuth(ctxOf(node.services, member))).rejects.toMatchObject({ code: "step_up_required", data: { methods: [] } });
});

it("recent authentication: is required again on another device of the same account", async () => {
  const member = await makeMember(node.services, { isProven: true });
  const other = await makeSession(node.services, member);
  const stale = { ...other, actor: { ...other.actor, provenAt: null } };
  await expect(requireRecentAuth(ctxOf(node.services, stale))).rejects.toMatchObject({ code: "step_up_required" });
});

it("recent authentication: accepts a proof that was given after the actor was read", async () => {
  const member = await makeMember(node.services);
  const ctx = ctxOf(node.services, member);
  await expect(requireRecentAuth(ctx)).rejects.toMatchObject({ code: "step_up_required" });
  await database.db.session.update({ where: { id: member.sessionId }, data: { provenAt: clock.now() } });
  await expect(requireRecentAuth(ctx)).resolves.toBeUndefined();
});

it("recent authentication: is not required of guests, who cannot use member-only commands", async () => {
  const guest = await makeGuest(node.services);
  const member = await makeMember(node.services);
  await expect(requireRecentAuth(ctxOf(node.services, guest))).resolves.toBeUndefined();
  expect(() => memberOnly(guest)).toThrow("account_required");
  expect(() => memberOnly(member)).not.toThrow();
});
