import { beforeEach, describe, expect, it, vi } from "vitest";
import { startAutomaticRaid } from "../../../../services/moderation/raid-mode/automatic-raid.ts";
import { raids } from "../../../../utils/contract/limits.ts";
import type { RaidModeDto } from "../../../../utils/contract/schemas/moderation/raid-mode.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { restOf } from "../../../support/conversations.ts";
import { makeGuest, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

const clock = movableClock();
const { app, database } = await appForFile({ limitsScale: 1, now: clock.now });
const { services } = app;

let roomId: string;
let staff: Person;

beforeEach(async () => {
  roomId = await makeRoom(services);
  staff = await makeMember(services, { role: "moderator" });
});

const PITCH = "Win free coins today, visit the casino of the golden canal and bring your friends";

/** A text that no other test uses: copies are remembered for ten minutes, in all rooms. */
const OTHER_PITCH = "Everybody join our new server now because this place is dying and the admins are asleep";

type Sent = { readonly id: string; readonly moderation: string; readonly code?: string };

const say = (person: Person, text: string) =>
  restOf(app, person).post<Sent>(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text });

const newGuests = (count: number): Promise<Person[]> => Promise.all(Array.from({ length: count }, () => makeGuest(services)));

const raidsIn = async (scopeId: string | null = roomId): Promise<RaidModeDto[]> =>
  (await restOf(app, staff).get<Page<RaidModeDto>>("/api/moderation/raid-mode")).body.items.filter(({ scope }) => scope.id === scopeId);

async function raidStarted(): Promise<RaidModeDto> {
  await vi.waitUntil(async () => (await raidsIn()).length > 0);
  const [raid] = await raidsIn();
  if (raid === undefined) throw new Error("no raid mode");
  return raid;
}

const isMuted = async ({ id }: Person): Promise<boolean> =>
  (await database.pool.query("SELECT FROM active_restrictions WHERE user_id = $1 AND kind = 'mute'", [id])).rowCount === 1;

describe("a raid with copies of one text", () => {
  it("is held from the fourth copy on and starts raid mode, which mutes the authors and only them", async () => {
    const [honest] = await newGuests(1);
    const raiders = await newGuests(6);
    const states: string[] = [];
    for (const [index, raider] of raiders.entries()) states.push((await say(raider, `${PITCH} ${index}`)).body.moderation);
    // The sixth switches raid mode on, and may be muted before it is stored.
    expect(states.slice(0, 5)).toEqual(["approved", "approved", "approved", "pending", "pending"]);
    const raid = await raidStarted();
    expect(raid).toMatchObject({ isAutomatic: true, scope: { kind: "room", id: roomId }, measures: ["slow_mode", "links_blocked"] });
    expect(Date.parse(raid.endsAt) - Date.parse(raid.startedAt)).toBe(raids.automaticMs);
    await vi.waitUntil(async () => (await Promise.all(raiders.map(isMuted))).every(Boolean));
    if (honest === undefined) throw new Error("no guest");
    expect((await say(honest, "Good evening, is this the room about canals and boats?")).body.moderation).toBe("approved");
    expect(await isMuted(honest)).toBe(false);
    const [{ actionId = null } = {}] = await raidsIn();
    const children = await database.db.moderationAction.findMany({ where: { parentId: actionId } });
    expect(children.map(({ userId }) => userId).sort()).toEqual(raiders.map(({ id }) => id).sort());
    expect(children.every(({ isAutomatic, kind, scopeId }) => isAutomatic && kind === "mute" && scopeId === roomId)).toBe(true);
    const entry = await database.db.auditEntry.findFirstOrThrow({ where: { action: "raid_mode_started", subjectId: raid.id } });
    expect(entry).toMatchObject({ actorId: null, data: { reason: "copies" } });
  });

  it("ends with its mutes when staff end it, does not start again there, and held copies stay held", async () => {
    const raiders = await newGuests(7);
    const [late, ...first] = raiders;
    const states: string[] = [];
    for (const raider of first) states.push((await say(raider, OTHER_PITCH)).body.moderation);
    const held = states.filter((state) => state === "pending").length;
    expect(held).toBeGreaterThanOrEqual(2);
    const raid = await raidStarted();
    await vi.waitUntil(async () => (await Promise.all(first.map(isMuted))).every(Boolean));
    expect((await restOf(app, staff).call("DELETE", `/api/moderation/raid-mode/${raid.id}`)).status).toBe(204);
    expect(await Promise.all(first.map(isMuted))).toEqual(first.map(() => false));
    expect(await database.db.message.count({ where: { roomId, moderation: "pending" } })).toBe(held);
    if (late === undefined) throw new Error("no guest");
    await say(late, OTHER_PITCH);
    await startAutomaticRaid(services, { kind: "copies", scope: { kind: "room", id: roomId }, authorIds: [late.id] });
    expect(await raidsIn()).toHaveLength(1);
    expect(await isMuted(late)).toBe(false);
  });

  it("does not mute trusted members or staff, whatever they sent", async () => {
    const [trusted, moderator] = [await makeMember(services), await makeMember(services, { role: "moderator" })];
    await database.db.user.update({ where: { id: trusted.id }, data: { trustLevel: "member" } });
    const authorIds = [trusted.id, moderator.id];
    await startAutomaticRaid(services, { kind: "copies", scope: { kind: "room", id: roomId }, authorIds });
    expect(await Promise.all([trusted, moderator].map(isMuted))).toEqual([false, false]);
    expect((await raidsIn())[0]?.actionId).toBeNull();
  });
});

describe("many first messages", () => {
  it("start raid mode: further first messages are held, until its time is over", async () => {
    const people = await newGuests(raids.firstMessages.room);
    for (const [index, person] of people.entries()) await say(person, `Hi ${index}`);
    expect((await raidStarted()).measures).toContain("first_messages_held");
    services.rooms.forget(roomId);
    const [next, later] = await newGuests(2);
    if (next === undefined || later === undefined) throw new Error("no guests");
    expect((await say(next, "Hi too")).body.moderation).toBe("pending");
    clock.advance(raids.automaticMs);
    services.rooms.forget(roomId);
    const fresh = await makeGuest(services);
    expect((await say(fresh, "Hi again")).body.moderation).toBe("approved");
  });
});

describe("automatic raid modes of one scope", () => {
  it("are one: concurrent signals are merged, with the measures of all", async () => {
    const scope = { kind: "room", id: roomId } as const;
    const signals = (["guests", "copies", "first_messages"] as const).map((kind) => ({ kind, scope, authorIds: [] }));
    await Promise.all(signals.map((signal) => startAutomaticRaid(services, signal)));
    const found = await raidsIn();
    expect(found).toHaveLength(1);
    expect([...(found[0]?.measures ?? [])].sort()).toEqual(["first_messages_held", "guests_paused", "links_blocked", "slow_mode"]);
  });
});
