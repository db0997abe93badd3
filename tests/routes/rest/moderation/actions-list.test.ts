import { beforeEach, describe, expect, it } from "vitest";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeConversation, makeGuest, makeLounge, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { makeLoungeModerator, muteOf, take } from "../../../support/moderation/actions.ts";

const HOUR_MS = 3_600_000;

const clock = movableClock();
let eve: Person;
let mod: Person;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  eve = await makeMember(app.services, { displayName: "Eve" });
  mod = await makeMember(app.services, { role: "moderator" });
});

const page = async (person: Person, query = "") => (await restOf(app, person).get<Page<ActionDto>>(`/api/moderation/actions${query}`)).body;
const idsOf = async (person: Person, query = "") => (await page(person, query)).items.map(({ id }) => id);

describe("the list of actions, for the staff", () => {
  it("shows who acted and who undid it, newest first, page by page", async () => {
    const taken: ActionDto[] = [];
    for (let count = 0; count < 5; count += 1)
      taken.unshift(await take(app, mod, { kind: "warn", userId: eve.id, text: `number ${count}` }));
    const admin = await makeMember(app.services, { role: "admin" });
    await restOf(app, admin).post(`/api/moderation/actions/${taken[0]?.id}/revert`, {});
    const walked: ActionDto[] = [];
    let cursor = "";
    do {
      const found = await page(admin, `?userId=${eve.id}&limit=2${cursor && `&cursor=${cursor}`}`);
      walked.push(...found.items);
      cursor = found.nextCursor ?? "";
    } while (cursor !== "");
    expect(walked.map(({ id }) => id)).toEqual(taken.map(({ id }) => id));
    expect(walked[0]).toMatchObject({ actor: { id: mod.id }, target: { id: eve.id }, revertedBy: { id: admin.id }, text: "number 4" });
    expect(walked.slice(1)).toEqual(taken.slice(1));
  });

  it("filters by user, by kind, and by whether the action is active", async () => {
    const bob = await makeMember(app.services);
    const muted = await take(app, mod, muteOf(eve.id));
    const undone = await take(app, mod, muteOf(eve.id));
    await restOf(app, mod).post(`/api/moderation/actions/${undone.id}/revert`, {});
    const warned = await take(app, mod, { kind: "warn", userId: eve.id });
    const other = await take(app, mod, muteOf(bob.id));
    expect(await idsOf(mod, `?userId=${eve.id}`)).toEqual([warned.id, undone.id, muted.id]);
    expect(await idsOf(mod, `?userId=${bob.id}`)).toEqual([other.id]);
    expect(await idsOf(mod, `?userId=${eve.id}&kind=mute`)).toEqual([undone.id, muted.id]);
    expect(await idsOf(mod, `?userId=${eve.id}&kind=mute&active=true`)).toEqual([muted.id]);
    expect(await idsOf(mod, `?userId=${eve.id}&active=false`)).toEqual([undone.id]);
    expect((await idsOf(mod, "?kind=mute")).slice(0, 3)).toEqual([other.id, undone.id, muted.id]);
    clock.advance(HOUR_MS);
    const later = await makeSession(app.services, mod);
    expect(await idsOf(later, `?userId=${eve.id}&kind=mute&active=true`)).toEqual([]);
    expect(await idsOf(later, `?userId=${eve.id}&active=false`)).toEqual([undone.id, muted.id]);
  });

  it("counts the demand for a phone number as active until the number is verified", async () => {
    const { id } = await take(app, mod, { kind: "require_phone", userId: eve.id });
    expect(await idsOf(mod, `?userId=${eve.id}&active=true`)).toEqual([id]);
    const contact = { id: newId(), userId: eve.id, kind: "phone", sealed: Buffer.from("x"), verifiedAt: clock.now() } as const;
    await database.db.contact.create({ data: { ...contact, blindIndex: Buffer.from(newId()) } });
    expect(await idsOf(mod, `?userId=${eve.id}&active=true`)).toEqual([]);
    expect(await idsOf(mod, `?userId=${eve.id}&active=false`)).toEqual([id]);
  });

  it("shows moderators of a lounge the actions in the lounge and its rooms only", async () => {
    const loungeId = await makeLounge(app.services);
    const roomId = await makeRoom(app.services, { loungeId });
    const anna = await makeLoungeModerator(app, loungeId);
    const inRoom = await take(app, mod, muteOf(eve.id, { kind: "room", id: roomId }));
    const inLounge = await take(app, mod, muteOf(eve.id, { kind: "lounge", id: loungeId }));
    await take(app, mod, muteOf(eve.id, { kind: "room", id: await makeRoom(app.services) }));
    await take(app, mod, muteOf(eve.id, { kind: "lounge", id: await makeLounge(app.services) }));
    await take(app, mod, muteOf(eve.id));
    const conversationId = await makeConversation(app.services, [eve, anna]);
    const data = { id: newId(), kind: "mute", userId: eve.id, scopeKind: "room", scopeId: conversationId, rule: "spam" } as const;
    await database.db.moderationAction.create({ data: { ...data, actorId: mod.id, createdAt: clock.now() } });
    expect(await idsOf(anna)).toEqual([inLounge.id, inRoom.id]);
    expect(await idsOf(anna, `?userId=${eve.id}`)).toEqual([inLounge.id, inRoom.id]);
    expect((await page(anna)).items[0]).toMatchObject({ actor: { id: mod.id } });
  });

  it("does not show the staff who decided about themselves", async () => {
    const admin = await makeMember(app.services, { role: "admin" });
    const own = await take(app, admin, { kind: "warn", userId: mod.id });
    for (const query of [`?userId=${mod.id}`, "?kind=warn"]) {
      const found = (await page(mod, query)).items.find(({ id }) => id === own.id);
      expect(found).toEqual({ ...own, actor: null });
    }
    const loungeId = await makeLounge(app.services);
    const anna = await makeLoungeModerator(app, loungeId);
    const onSite = await take(app, mod, { kind: "warn", userId: anna.id });
    expect(await idsOf(anna)).toEqual([]);
    expect((await page(anna, `?userId=${anna.id}`)).items).toEqual([{ ...onSite, actor: null }]);
  });

  it("shows the parent of a bulk action without a target", async () => {
    const actions = [{ ...muteOf(eve.id), rule: "spam" }];
    const { parent } = (await restOf(app, mod).post<{ parent: ActionDto }>("/api/moderation/actions/bulk", { actions })).body;
    const { items } = await page(mod);
    expect(items.find(({ id }) => id === parent.id)).toMatchObject({ parentId: null, target: null });
    expect(items.filter(({ parentId }) => parentId === parent.id)).toMatchObject([{ target: { id: eve.id } }]);
  });
});

describe("the list of actions, for everyone else", () => {
  it("contains their own actions without the moderators, whatever user they ask for, also for guests and bots", async () => {
    const people = [eve, await makeGuest(app.services), await makeMember(app.services, { kind: "bot" })];
    const bob = await makeMember(app.services);
    await take(app, mod, muteOf(bob.id));
    for (const person of people) {
      const muted = await take(app, mod, muteOf(person.id));
      const warned = await take(app, mod, { kind: "warn", userId: person.id, text: "Please be kind." });
      await restOf(app, mod).post(`/api/moderation/actions/${warned.id}/revert`, {});
      const { items } = await page(person);
      expect(items).toMatchObject([
        { ...warned, actor: null, revertedAt: expect.any(String) as string, revertedBy: null },
        { ...muted, actor: null },
      ]);
      expect(JSON.stringify(items)).not.toContain(mod.id);
      expect(await idsOf(person, `?userId=${bob.id}`)).toEqual([warned.id, muted.id]);
      expect(await idsOf(person, "?active=true")).toEqual([muted.id]);
    }
  });

  it("is available to banned users, and shows banned staff their own actions only", async () => {
    const banned = await take(app, mod, { kind: "ban_site", userId: eve.id });
    expect((await page(eve)).items).toEqual([{ ...banned, actor: null }]);
    const admin = await makeMember(app.services, { role: "admin" });
    const other = await makeMember(app.services, { role: "moderator" });
    const ban = await take(app, admin, { kind: "ban_site", userId: other.id });
    expect(await idsOf(other)).toEqual([ban.id]);
  });

  it.each(["cursor=x", `cursor=${newId()}`, "limit=0", "kind=praise", "active=yes", "userId=x"])("rejects the query %s", async (query) => {
    for (const person of [mod, eve]) expectError(await restOf(app, person).get(`/api/moderation/actions?${query}`), 400, "invalid_input");
  });
});
