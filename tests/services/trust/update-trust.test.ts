import { beforeEach, describe, expect, it, vi } from "vitest";
import { readTrustLevels } from "../../../services/trust/trust-level.ts";
import { updateDueTrust, updateTrustLevels } from "../../../services/trust/update-trust.ts";
import { DAY_MS } from "../../../utils/clock.ts";
import type { MeDto } from "../../../utils/contract/schemas/auth.ts";
import { newId } from "../../../utils/ids.ts";
import { restOf } from "../../support/conversations.ts";
import { draftFor, issueSanction, makeConversation, makeGuest, makeMember, makeRoom, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const { app, database } = await appForFile({ env: { TRUST_MEMBER_MESSAGES: "2", TRUST_REGULAR_MESSAGES: "4" } });
const { services } = app;
let roomId: string;

beforeEach(async () => {
  roomId = await makeRoom(services);
});

/** Creates a member whose account is this many days old, with this many messages. */
async function memberOf(days: number, messages: number): Promise<Person> {
  const member = await makeMember(services);
  const createdAt = new Date(Date.now() - days * DAY_MS);
  await database.db.user.update({ where: { id: member.id }, data: { createdAt } });
  for (let count = 0; count < messages; count += 1) await services.messageWriter.write(draftFor(roomId, member));
  return member;
}

async function levelOf({ id }: Person): Promise<string | undefined> {
  await updateTrustLevels(services, [id]);
  return (await readTrustLevels(services.pool, [id])).get(id);
}

describe("the trust level of a member", () => {
  it.each([
    [6, 9, "newcomer"],
    [8, 1, "newcomer"],
    [8, 2, "member"],
    [59, 9, "member"],
    [61, 3, "member"],
    [61, 4, "regular"],
  ])("with an account of %i days and %i messages is %s", async (days, messages, level) => {
    expect(await levelOf(await memberOf(days, messages))).toBe(level);
  });

  it("needs no messages with a verified phone number", async () => {
    const member = await memberOf(8, 0);
    expect(await levelOf(member)).toBe("newcomer");
    const contact = {
      userId: member.id,
      kind: "phone",
      sealed: new Uint8Array(8),
      blindIndex: new Uint8Array(8),
      verifiedAt: new Date(),
    } as const;
    await database.db.contact.create({ data: contact });
    expect(await levelOf(member)).toBe("member");
  });

  it("does not count messages that were deleted", async () => {
    const member = await memberOf(8, 2);
    expect(await levelOf(member)).toBe("member");
    const { id } = await database.db.message.findFirstOrThrow({ where: { authorId: member.id } });
    expect((await restOf(app, member).call("DELETE", `/api/chatroom/messages/${id}`)).status).toBe(200);
    expect(await levelOf(member)).toBe("newcomer");
  });

  it("does not count messages in conversations", async () => {
    const member = await memberOf(8, 1);
    const conversationId = await makeConversation(services, [member, await makeMember(services)]);
    const conversation = { peerId: null };
    for (let count = 0; count < 3; count += 1) await services.messageWriter.write(draftFor(conversationId, member, { conversation }));
    expect(await levelOf(member)).toBe("newcomer");
    await services.messageWriter.write(draftFor(roomId, member));
    expect(await levelOf(member)).toBe("member");
  });

  it("is lost by an action of the last 30 days, and returns when it is reverted or has aged", async () => {
    const member = await memberOf(61, 4);
    const actionId = await issueSanction(services, member.id, { kind: "mute", until: new Date(Date.now() - 1) });
    expect(await levelOf(member)).toBe("newcomer");
    await database.db.moderationAction.update({ where: { id: actionId }, data: { revertedAt: new Date() } });
    expect(await levelOf(member)).toBe("regular");
    await database.db.moderationAction.update({
      where: { id: actionId },
      data: { revertedAt: null, createdAt: new Date(Date.now() - 31 * DAY_MS) },
    });
    expect(await levelOf(member)).toBe("regular");
    await database.db.moderationAction.update({ where: { id: actionId }, data: { expiresAt: null } });
    expect(await levelOf(member), "a ban without end stays in force").toBe("newcomer");
  });

  it("is not lost by an automatic action that has ended", async () => {
    const member = await memberOf(8, 2);
    const actionId = await issueSanction(services, member.id, { kind: "mute", until: new Date(Date.now() - 1) });
    await database.db.moderationAction.update({ where: { id: actionId }, data: { isAutomatic: true } });
    expect(await levelOf(member)).toBe("member");
  });

  it("of a guest is guest, whatever they did", async () => {
    const guest = await makeGuest(services);
    expect(await levelOf(guest)).toBe("guest");
  });
});

describe("an action of a moderator", () => {
  it("changes the trust level at once, and its revert restores it", async () => {
    const member = await memberOf(8, 2);
    await updateTrustLevels(services, [member.id]);
    const staff = restOf(app, await makeMember(services, { role: "moderator" }));
    const me = async () => {
      services.sessions.invalidate(member.sessionId);
      return (await restOf(app, member).get<MeDto>("/api/auth/me")).body;
    };
    expect(await me()).toMatchObject({ trustLevel: "member" });
    const { body } = await staff.post<{ id: string }>("/api/moderation/actions", {
      kind: "mute",
      userId: member.id,
      scope: { kind: "site" },
      rule: "spam",
      durationMs: DAY_MS,
    });
    await vi.waitUntil(async () => (await me()).trustLevel === "newcomer");
    const sendText = (await me()).trust.find(({ permission }) => permission === "send_text");
    expect(sendText).toMatchObject({ isGranted: false, reason: "muted", unlockedBy: "time" });
    await staff.post(`/api/moderation/actions/${body.id}/revert`, {});
    await vi.waitUntil(async () => (await me()).trustLevel === "member");
  });
});

describe("the job that updates trust levels", () => {
  it("updates members who were never checked, or were active since a check six hours ago, and nobody else", async () => {
    const [fresh, active, idle] = [await memberOf(8, 2), await memberOf(8, 2), await memberOf(8, 2)];
    const checkedAt = new Date(Date.now() - DAY_MS / 2);
    await database.db.user.update({ where: { id: active.id }, data: { trustCheckedAt: checkedAt } });
    await database.db.user.update({
      where: { id: idle.id },
      data: { trustCheckedAt: checkedAt, lastSeenAt: new Date(checkedAt.getTime() - 1) },
    });
    while ((await updateDueTrust(services, { limit: 50 })) === 50);
    const levels = await readTrustLevels(services.pool, [fresh.id, active.id, idle.id, newId()]);
    expect([fresh, active, idle].map(({ id }) => levels.get(id))).toEqual(["member", "member", "newcomer"]);
    expect(levels.size).toBe(3);
    expect(await updateDueTrust(services, { limit: 50 })).toBe(0);
  });
});

describe("new conversations", () => {
  it("are limited to five a day for newcomers, and to 20 for trusted members", async () => {
    const consumed: string[] = [];
    const spy = vi.spyOn(services.limits, "consume").mockImplementation(async (name) => {
      consumed.push(name);
      return { limit: 1, remaining: 1, resetMs: 1 };
    });
    try {
      const peer = await makeMember(services);
      await database.db.user.update({ where: { id: peer.id }, data: { whoMayWrite: "everyone" } });
      const [newcomer, member] = [await memberOf(30, 0), await memberOf(0, 0)];
      await database.db.user.update({ where: { id: member.id }, data: { trustLevel: "member" } });
      for (const person of [newcomer, member])
        expect((await restOf(app, person).post("/api/conversations", { userId: peer.id })).status).toBe(201);
    } finally {
      spy.mockRestore();
    }
    expect(consumed.filter((name) => name.startsWith("conversations"))).toEqual(["conversationsOfNewcomer", "conversationsOfMember"]);
  });
});
