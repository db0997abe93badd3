import { beforeAll, expect, it } from "vitest";
import { expireSessions, purgeSessions } from "../../../services/auth/sessions/expire-sessions.ts";
import { refreshSession } from "../../../services/auth/sessions/refresh-session.ts";
import { createGuest } from "../../../services/guests/create-guest.ts";
import { purgeGuests } from "../../../services/guests/purge-guests.ts";
import { markOffline } from "../../../services/presence/mark-offline.ts";
import { newId } from "../../../utils/ids.ts";
import { movableClock } from "../../support/clock.ts";
import { strangerCtx } from "../../support/ctx.ts";
import { appForFile } from "../../support/for-file.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const clock = movableClock();
const rooms = { keep: newId(), remove: newId() };

const { app: node, database } = await appForFile({ now: clock.now });

beforeAll(async () => {
  for (const formerGuestMessages of ["keep", "remove"] as const) {
    const lounge = { slug: formerGuestMessages, name: formerGuestMessages, description: "", iconColor: "#000000", formerGuestMessages };
    const room = { id: rooms[formerGuestMessages], kind: "language", languageCode: "en", name: "English", lastSeq: 1n } as const;
    await database.db.lounge.create({ data: { ...lounge, rooms: { create: room } } });
  }
});

const CANARY = "Canary";

async function newGuest(displayName: string) {
  const stranger = strangerCtx(node.services);
  const ctx = {
    ...stranger,
    origin: { ...stranger.origin, address: `192.0.2.${Math.floor(Math.random() * 250)}`, userAgent: `${CANARY}Browser/1.0` },
  };
  const { session, refreshToken } = await createGuest(ctx, { displayName, languages: ["cy"], acceptedRulesVersion: 7 });
  return { id: session.user.id, refreshToken };
}

let spoken = 0;
async function say(authorId: string, roomId: string): Promise<string> {
  const { lastSeq } = await database.db.room.update({ where: { id: roomId }, data: { lastSeq: { increment: 1 } } });
  const message = { id: newId(), clientMessageId: newId(), roomId, authorId, seq: lastSeq, changedSeq: lastSeq, text: `words ${++spoken}` };
  await database.db.message.create({ data: message });
  return message.id;
}

/** Returns every row of every table of the application as text. */
async function everything(): Promise<string> {
  const tables = await database.pool.query<{ name: string }>(
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public'",
  );
  const texts = await Promise.all(
    tables.rows.map(({ name }) => database.pool.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)),
  );
  return texts.flatMap(({ rows }) => rows.map(({ row }) => row)).join("\n");
}

const user = (id: string) => database.db.user.findUniqueOrThrow({ where: { id }, include: { sessions: true, memberships: true } });
const purge = () => purgeGuests(node.services, { limit: 100 });

it("purging guests: removes all personal data 24 hours after the last activity, and not earlier", async () => {
  const guest = await newGuest(`${CANARY} One`);
  await database.db.roomMember.create({ data: { roomId: rooms.keep, userId: guest.id } });
  const kept = await say(guest.id, rooms.keep);
  const removed = await say(guest.id, rooms.remove);
  clock.advance(DAY - HOUR);
  expect(await purge()).toBe(0);
  expect(await everything()).toContain(CANARY);
  clock.advance(HOUR + 1_000);
  expect(await purge()).toBe(1);
  expect(await everything()).not.toContain(CANARY);
  const { displayName, languages, acceptedRulesVersion, erasedAt, sessions, memberships, presenceStatus } = await user(guest.id);
  expect({ displayName, languages, acceptedRulesVersion, sessions, memberships, presenceStatus }).toEqual({
    displayName: "Former guest",
    languages: [],
    acceptedRulesVersion: null,
    sessions: [],
    memberships: [],
    presenceStatus: "offline",
  });
  expect(erasedAt).not.toBeNull();
  expect(await database.db.message.findUnique({ where: { id: kept } })).toMatchObject({
    deletedAt: null,
    text: expect.stringContaining("words"),
  });
  const tombstone = await database.db.message.findUniqueOrThrow({ where: { id: removed } });
  expect([tombstone.text, tombstone.deletedAt === null]).toEqual(["", false]);
  expect(tombstone.changedSeq).toBeGreaterThan(tombstone.seq ?? 0n);
  await expect(refreshSession(strangerCtx(node.services), guest.refreshToken)).rejects.toMatchObject({ code: "unauthenticated" });
  expect(await purge()).toBe(0);
});

it("purging guests: keeps guests whose presence or session is recent", async () => {
  const seen = await newGuest("Seen Lately");
  const refreshed = await newGuest("Used Lately");
  clock.advance(20 * HOUR);
  await database.db.user.update({ where: { id: seen.id }, data: { lastSeenAt: clock.now() } });
  await refreshSession(strangerCtx(node.services), refreshed.refreshToken);
  clock.advance(5 * HOUR);
  expect(await purge()).toBe(0);
  expect([(await user(seen.id)).displayName, (await user(refreshed.id)).displayName]).toEqual(["Seen Lately", "Used Lately"]);
});

it("purging guests: resumes an interrupted run", async () => {
  const guest = await newGuest("Cut Short");
  const message = await say(guest.id, rooms.remove);
  clock.advance(2 * DAY);
  await database.pool.query("DELETE FROM sessions WHERE user_id = $1", [guest.id]);
  await purge();
  expect((await database.db.message.findUniqueOrThrow({ where: { id: message } })).deletedAt).not.toBeNull();
  expect((await user(guest.id)).erasedAt).not.toBeNull();
});

it("purging guests: never touches a member, however long inactive", async () => {
  const data = {
    kind: "member",
    role: "member",
    username: "mia",
    displayName: "Mia",
    nameSkeleton: "mia",
    languages: [],
    lastSeenAt: new Date(0),
  } as const;
  const { id } = await database.db.user.create({ data: { ...data, languages: [] } });
  await purge();
  expect((await user(id)).displayName).toBe("Mia");
});

it("expiring sessions: ends expired sessions once, and removes them 30 days later", async () => {
  const guest = await newGuest("Runs Out");
  clock.advance(DAY + HOUR);
  expect(await expireSessions(node.services, { limit: 100 })).toBeGreaterThan(0);
  expect(await expireSessions(node.services, { limit: 100 })).toBe(0);
  const [session] = (await user(guest.id)).sessions;
  expect(session).toMatchObject({ endReason: "expired" });
  expect(await database.db.auditEntry.findMany({ where: { subjectId: session?.id ?? "" } })).toMatchObject([
    { action: "session_ended", data: { reason: "expired" } },
  ]);
  expect(await purgeSessions(node.services, { limit: 100 })).toBe(0);
  clock.advance(31 * DAY);
  expect(await purgeSessions(node.services, { limit: 100 })).toBeGreaterThan(0);
  expect((await user(guest.id)).sessions).toEqual([]);
});

it("expiring presence: sets users to offline after more than 10 minutes of inactivity", async () => {
  const silent = await newGuest("Silent");
  const lively = await newGuest("Lively");
  await database.db.user.updateMany({ where: { id: { in: [silent.id, lively.id] } }, data: { presenceStatus: "away" } });
  clock.advance(11 * 60_000);
  await database.db.user.update({ where: { id: lively.id }, data: { lastSeenAt: clock.now() } });
  expect(await markOffline(node.services, { limit: 100 })).toBe(1);
  expect([(await user(silent.id)).presenceStatus, (await user(lively.id)).presenceStatus]).toEqual(["offline", "away"]);
});
