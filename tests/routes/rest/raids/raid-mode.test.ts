import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DAY_MS } from "../../../../utils/clock.ts";
import type { RaidMeasure, RaidModeDto } from "../../../../utils/contract/schemas/moderation/raid-mode.ts";
import type { Page } from "../../../../utils/contract/schemas/primitives.ts";
import { newId } from "../../../../utils/ids.ts";
import { movableClock } from "../../../support/clock.ts";
import { restOf, switchboard } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeLounge, makeMember, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { makeLoungeModerator } from "../../../support/moderation/actions.ts";
import { Visitor } from "../../../support/page/visitor.ts";

const MINUTE_MS = 60_000;

const clock = movableClock();
const { app, database } = await appForFile({ now: clock.now });
const { line, hangUp } = switchboard(() => app);

let moderator: Person;
let loungeId: string;
let roomId: string;

beforeEach(async () => {
  moderator = await makeMember(app.services, { role: "moderator" });
  loungeId = await makeLounge(app.services);
  roomId = await makeRoom(app.services, { loungeId });
});

afterEach(async () => {
  hangUp();
  // A raid mode of the site would affect the next test.
  await database.db.raidMode.updateMany({ where: { endedAt: null }, data: { endedAt: clock.now() } });
});

type Scope = { readonly kind: "room" | "lounge" | "site"; readonly id?: string };

const start = (by: Person, scope: Scope, more: { measures?: RaidMeasure[]; durationMs?: number } = {}) =>
  restOf(app, by).post<RaidModeDto>("/api/moderation/raid-mode", { scope, durationMs: 10 * MINUTE_MS, ...more });

/** Starts a raid mode and drops the cached rooms, which may be a second old. */
async function started(scope: Scope, measures: RaidMeasure[]): Promise<RaidModeDto> {
  const { status, body } = await start(moderator, scope, { measures });
  expect(status).toBe(201);
  app.services.rooms.forget(roomId);
  return body;
}

const end = async (id: string, by: Person = moderator) => {
  const answer = await restOf(app, by).call("DELETE", `/api/moderation/raid-mode/${id}`);
  app.services.rooms.forget(roomId);
  return answer;
};

type Sent = { readonly id: string; readonly moderation: string };

const say = (person: Person, text = `text ${newId()}`, room = roomId) =>
  restOf(app, person).post<Sent>(`/api/chatroom/rooms/${room}/messages`, { clientMessageId: newId(), text });

const moderationOf = async (person: Person, text?: string): Promise<string> => (await say(person, text)).body.moderation;

const newGuest = async () => (await new Visitor(app.url).open()).post("/api/auth/guest", {});

describe("starting a raid mode", () => {
  it("returns it with all measures by default, and the list shows it to staff only", async () => {
    const { status, body } = await start(moderator, { kind: "room", id: roomId });
    expect(status).toBe(201);
    expect(body).toMatchObject({ scope: { kind: "room", id: roomId }, isAutomatic: false, endedAt: null, actionId: null });
    expect(body.measures).toEqual(["guests_paused", "first_messages_held", "slow_mode", "links_blocked"]);
    expect(Date.parse(body.endsAt) - Date.parse(body.startedAt)).toBe(10 * MINUTE_MS);
    const list = async (by: Person) => restOf(app, by).get<Page<RaidModeDto>>("/api/moderation/raid-mode");
    expect((await list(moderator)).body.items[0]).toEqual(body);
    expectError(await list(await makeMember(app.services)), 403, "forbidden");
    expect((await list(await makeLoungeModerator(app, loungeId))).body.items.map(({ id }) => id)).toContain(body.id);
    expect((await list(await makeLoungeModerator(app, await makeLounge(app.services)))).body.items.map(({ id }) => id)).not.toContain(
      body.id,
    );
  });

  it("is allowed to lounge moderators in their lounge only", async () => {
    const ann = await makeLoungeModerator(app, loungeId);
    expect((await start(ann, { kind: "lounge", id: loungeId })).status).toBe(201);
    expect((await start(ann, { kind: "room", id: roomId })).status).toBe(201);
    expectError(await start(ann, { kind: "site" }), 403, "forbidden");
    expectError(await start(ann, { kind: "room", id: await makeRoom(app.services) }), 403, "forbidden");
    expectError(await start(await makeMember(app.services), { kind: "room", id: roomId }), 403, "forbidden");
  });

  it("rejects unknown scopes with not_found, and durations outside of a minute to a day", async () => {
    expectError(await start(moderator, { kind: "room", id: newId() }), 404, "not_found");
    expectError(await start(moderator, { kind: "lounge", id: newId() }), 404, "not_found");
    expectError(await start(moderator, { kind: "site" }, { durationMs: 1_000 }), 400, "invalid_input");
    expectError(await start(moderator, { kind: "site" }, { durationMs: DAY_MS + 1 }), 400, "invalid_input");
  });

  it("is recorded in the audit log, as is its end", async () => {
    const { id } = await started({ kind: "room", id: roomId }, ["slow_mode"]);
    expect((await end(id)).status).toBe(204);
    expect((await end(id)).status).toBe(204);
    const rows = await database.db.auditEntry.findMany({ where: { subjectId: id }, orderBy: { id: "asc" } });
    expect(rows.map(({ action, actorId }) => [action, actorId])).toEqual([
      ["raid_mode_started", moderator.id],
      ["raid_mode_ended", moderator.id],
    ]);
  });
});

describe("guests_paused", () => {
  it("rejects new guests with the end while it applies to the site, until it is over", async () => {
    const raid = await started({ kind: "site" }, ["guests_paused"]);
    const { status, body, headers } = await newGuest();
    expect([status, body.code, body.until]).toEqual([503, "guests_paused", raid.endsAt]);
    expect(Number(headers.get("retry-after"))).toBeGreaterThan(500);
    clock.advance(10 * MINUTE_MS);
    expect((await newGuest()).status).toBe(201);
  });

  it("keeps guests out of a room that they never entered; others and people inside are unaffected", async () => {
    const [inside, outside] = [await makeGuest(app.services), await makeGuest(app.services)];
    await (await line(inside)).command("join_room", { roomId });
    await started({ kind: "lounge", id: loungeId }, ["guests_paused"]);
    const answer = await (await line(outside)).ask("join_room", { roomId });
    expect(answer).toMatchObject({ ok: false, error: { code: "guests_paused" } });
    expectError(await say(outside), 503, "guests_paused");
    expect((await say(inside)).status).toBe(201);
    await (await line(await makeMember(app.services))).command("join_room", { roomId });
    expect((await newGuest()).status).toBe(201);
    await (await line(outside)).command("join_room", { roomId: await makeRoom(app.services) });
  });
});

describe("first_messages_held", () => {
  it("holds messages of authors without an approved message in the scope, not those of others or of staff", async () => {
    const [known, fresh] = [await makeMember(app.services), await makeMember(app.services)];
    await say(known);
    await started({ kind: "room", id: roomId }, ["first_messages_held"]);
    expect(await moderationOf(known)).toBe("approved");
    expect(await moderationOf(moderator)).toBe("approved");
    expect(await moderationOf(fresh)).toBe("pending");
    expect(await moderationOf(fresh)).toBe("pending");
    const other = await makeRoom(app.services);
    expect((await say(fresh, "elsewhere", other)).body.moderation).toBe("approved");
    expect(await moderationOf(fresh), "a message elsewhere does not count").toBe("pending");
  });

  it("lets an author write once staff approved a message", async () => {
    const fresh = await makeMember(app.services);
    await started({ kind: "lounge", id: loungeId }, ["first_messages_held"]);
    const message = (await say(fresh)).body;
    const held = await database.db.moderationCase.findFirstOrThrow({ where: { targetId: message.id } });
    const body = { version: held.version, outcome: "approved" };
    expect((await restOf(app, moderator).post(`/api/moderation/cases/${held.id}/resolve`, body)).status).toBe(200);
    expect(await moderationOf(fresh)).toBe("approved");
  });

  it("holds messages of a new guest from a network with a ban also without a raid", async () => {
    const guest = await makeGuest(app.services);
    await database.db.user.update({ where: { id: guest.id }, data: { heldUntil: new Date(clock.now().getTime() + DAY_MS) } });
    app.services.sessions.invalidate(guest.sessionId);
    expect(await moderationOf(guest)).toBe("pending");
    expect(await moderationOf(await makeGuest(app.services))).toBe("approved");
  });
});

describe("slow_mode and links_blocked", () => {
  it("limit everyone but staff to a message every 30 s", async () => {
    const member = await makeMember(app.services);
    await started({ kind: "room", id: roomId }, ["slow_mode"]);
    expect((await say(member)).status).toBe(201);
    const { retryAfterMs } = expectError(await say(member), 429, "slow_mode");
    expect(retryAfterMs).toBeGreaterThan(20_000);
    expect(retryAfterMs).toBeLessThanOrEqual(30_000);
    for (let count = 0; count < 2; count += 1) expect((await say(moderator)).status).toBe(201);
  });

  it("reject links of newcomers, also by an edit, but not those of trusted members", async () => {
    const [newcomer, trusted] = [await makeMember(app.services), await makeMember(app.services)];
    await database.db.user.update({ where: { id: trusted.id }, data: { trustLevel: "member" } });
    app.services.sessions.invalidate(trusted.sessionId);
    const message = (await say(newcomer)).body;
    await started({ kind: "site" }, ["links_blocked"]);
    expectError(await say(newcomer, "see https://example.org"), 422, "blocked_by_rule");
    const edit = { text: "see https://example.org" };
    expectError(await restOf(app, newcomer).call("PATCH", `/api/chatroom/messages/${message.id}`, { json: edit }), 422, "blocked_by_rule");
    expect((await say(newcomer, "without one")).status).toBe(201);
    expect((await say(trusted, "see https://example.org")).status).toBe(201);
  });
});

describe("ending a raid mode", () => {
  it("sends what waits only because of it, and leaves what a moderator refused, what was reported, and other held messages", async () => {
    const people = await Promise.all([1, 2, 3, 4].map(() => makeMember(app.services)));
    const [open, refused, reported, other] = people as [Person, Person, Person, Person];
    const raid = await started({ kind: "room", id: roomId }, ["first_messages_held"]);
    const idOf = async (person: Person): Promise<string> => (await say(person)).body.id;
    const ids = { open: await idOf(open), refused: await idOf(refused), reported: await idOf(reported), other: await idOf(other) };
    await database.db.raidHold.delete({ where: { messageId: ids.other } });
    const held = await database.db.moderationCase.findFirstOrThrow({ where: { targetId: ids.refused } });
    await restOf(app, moderator).post(`/api/moderation/cases/${held.id}/resolve`, { version: held.version, outcome: "refused" });
    const { id: caseId } = await database.db.moderationCase.findFirstOrThrow({ where: { targetId: ids.reported } });
    await database.db.report.create({ data: { id: newId(), caseId, reporterId: open.id, reason: "spam", weight: 1 } });
    const live = await line(await makeMember(app.services));
    await live.command("join_room", { roomId });
    expect((await end(raid.id)).status).toBe(204);
    const changed = await live.nextEvent("messages_changed");
    expect(JSON.stringify(changed)).toContain(ids.open);
    const rows = await database.db.message.findMany({ where: { roomId }, select: { id: true, moderation: true, seq: true } });
    expect(Object.fromEntries(rows.map((row) => [row.id, [row.moderation, row.seq === null ? null : Number(row.seq)]]))).toEqual({
      [ids.open]: ["approved", 1],
      [ids.refused]: ["removed", null],
      [ids.reported]: ["pending", null],
      [ids.other]: ["pending", null],
    });
    const resolved = await database.db.moderationCase.findFirstOrThrow({ where: { targetId: ids.open } });
    expect([resolved.isResolved, resolved.outcome]).toEqual([true, "approved"]);
  });

  it("keeps messages waiting that another active raid mode holds", async () => {
    const fresh = await makeMember(app.services);
    const raid = await started({ kind: "room", id: roomId }, ["first_messages_held"]);
    await started({ kind: "lounge", id: loungeId }, ["first_messages_held"]);
    const message = (await say(fresh)).body;
    await end(raid.id);
    expect((await database.db.message.findUniqueOrThrow({ where: { id: message.id } })).moderation).toBe("pending");
  });

  it("is allowed to the staff of its scope only, and its measures end at once", async () => {
    const member = await makeMember(app.services);
    const raid = await started({ kind: "lounge", id: loungeId }, ["slow_mode"]);
    expectError(await end(raid.id, member), 403, "forbidden");
    expectError(await end(raid.id, await makeLoungeModerator(app, await makeLounge(app.services))), 403, "forbidden");
    expectError(await end(newId()), 404, "not_found");
    expect((await end(raid.id, await makeLoungeModerator(app, loungeId))).status).toBe(204);
    for (let count = 0; count < 2; count += 1) expect((await say(member)).status).toBe(201);
  });

  it("happens by the clock without a call", async () => {
    const raid = await started({ kind: "room", id: roomId }, ["slow_mode"]);
    clock.advance(10 * MINUTE_MS);
    app.services.rooms.forget(roomId);
    const member = await makeMember(app.services);
    for (let count = 0; count < 2; count += 1) expect((await say(member)).status).toBe(201);
    const staff = await makeMember(app.services, { role: "moderator" });
    const { body } = await restOf(app, staff).get<Page<RaidModeDto>>("/api/moderation/raid-mode");
    expect(body.items.find(({ id }) => id === raid.id)?.endedAt).toBe(raid.endsAt);
  });
});
