import { beforeEach, expect, it } from "vitest";
import mergeGuestsJob from "../../../jobs/merge-guests.ts";
import { directKey } from "../../../services/conversations/direct-key.ts";
import { continueMerges } from "../../../services/guests/continue-merges.ts";
import { mergeHistory } from "../../../services/guests/merge-history.ts";
import { purgeGuests } from "../../../services/guests/purge-guests.ts";
import { newId } from "../../../utils/ids.ts";
import { movableClock } from "../../support/clock.ts";
import { breakTable, tableRows } from "../../support/database/table-rows.ts";
import { draftFor, issueSanction, makeGuest, makeMember, makeRoom, type Person, storedMessages } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

const clock = movableClock();
let guest: Person;
let member: Person;
let people: { guestId: string; userId: string };

const { app: node, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  guest = await makeGuest(node.services);
  member = await makeMember(node.services);
  people = { guestId: guest.id, userId: member.id };
  await database.db.guestMerge.create({ data: { ...people, createdAt: clock.now() } });
});

const say = (roomId: string, person: Person, clientMessageId = newId()) =>
  node.services.messageWriter.write(draftFor(roomId, person, { clientMessageId }));
const isFinished = async () => (await database.db.guestMerge.findUniqueOrThrow({ where: { guestId: people.guestId } })).finishedAt !== null;
const settle = (): void => clock.advance(3_000);

it("merging a guest: moves messages, memberships and sanctions, and erases the guest", async () => {
  const room = await makeRoom(database);
  const silent = await makeRoom(database);
  const first = await say(room, guest);
  const second = await say(room, member);
  await database.pool.query("UPDATE messages SET deleted_at = now(), text = '' WHERE id = $1", [(await say(room, guest)).id]);
  const place = (roomId: string, userId: string, lastReadSeq: bigint) => ({ roomId, userId, lastReadSeq });
  await database.db.roomMember.createMany({
    data: [place(room, people.guestId, 9n), place(room, people.userId, 4n), place(silent, people.guestId, 2n)],
  });
  await issueSanction(database, people.guestId, { kind: "mute" });
  settle();
  expect(await mergeHistory(node.services, people)).toBe(true);
  const rows = await storedMessages(database.pool, room);
  expect(rows.map(({ author_id }) => author_id)).toEqual(Array<string>(3).fill(people.userId));
  expect(rows.map(({ id, changed_seq }) => [id, changed_seq]).slice(0, 2)).toEqual([
    [first.id, 4],
    [second.id, 2],
  ]);
  const places = await database.db.roomMember.findMany({ where: { roomId: { in: [room, silent] } }, orderBy: { lastReadSeq: "desc" } });
  expect(places.map(({ roomId, userId, lastReadSeq }) => [roomId, userId, lastReadSeq])).toEqual([
    [room, people.userId, 9n],
    [silent, people.userId, 2n],
  ]);
  expect(await database.db.moderationAction.findMany({ where: { userId: { in: Object.values(people) } } })).toMatchObject([
    { userId: people.userId },
  ]);
  expect(JSON.stringify(await tableRows(database, ["guest_merges", "audit_log"]))).not.toContain(guest.actor.displayName);
});

it("merging a guest: moves the guest's own rooms, which are starred rooms and rooms the guest has written in", async () => {
  const room = await makeRoom(database);
  const silent = await makeRoom(database);
  const early = new Date(1_000);
  const late = new Date(2_000);
  await database.db.roomMember.createMany({
    data: [
      { roomId: room, userId: people.guestId, firstSentAt: early, starredAt: late },
      { roomId: room, userId: people.userId, firstSentAt: late },
      { roomId: silent, userId: people.guestId, starredAt: early },
    ],
  });
  settle();
  expect(await mergeHistory(node.services, people)).toBe(true);
  const own = { userId: people.userId, roomId: { in: [room, silent] } };
  const rows = await database.db.roomMember.findMany({ where: own, orderBy: { starredAt: "desc" } });
  expect(rows.map(({ roomId, firstSentAt, starredAt }) => ({ roomId, firstSentAt, starredAt }))).toEqual([
    { roomId: room, firstSentAt: early, starredAt: late },
    { roomId: silent, firstSentAt: null, starredAt: early },
  ]);
});

it("merging a guest: moves conversations and blocks, and keeps two direct conversations with one person separate", async () => {
  const ann = await makeMember(node.services);
  const bob = await makeMember(node.services);
  const cat = await makeMember(node.services);
  const talk = async (one: Person, two: Person): Promise<string> => {
    const key = directKey(one.id, two.id);
    const members = { create: [{ userId: one.id }, { userId: two.id }] };
    return (await database.db.room.create({ data: { kind: "direct", name: "", directKey: key, ownerId: one.id, members } })).id;
  };
  const own = await talk(guest, ann);
  const twice = await talk(guest, bob);
  const known = await talk(member, bob);
  await database.db.block.createMany({
    data: [
      { userId: guest.id, blockedId: cat.id },
      { userId: bob.id, blockedId: guest.id },
      { userId: guest.id, blockedId: member.id },
    ],
  });
  for (const roomId of [own, twice]) await say(roomId, guest);
  settle();
  expect(await mergeHistory(node.services, people)).toBe(true);
  const rooms = await database.db.room.findMany({ where: { id: { in: [own, twice, known] } }, include: { members: true } });
  const found = new Map(rooms.map((room) => [room.id, room]));
  expect(found.get(own)).toMatchObject({ kind: "direct", directKey: directKey(member.id, ann.id), ownerId: member.id });
  expect(found.get(twice)).toMatchObject({ kind: "group", directKey: null, ownerId: member.id });
  expect(found.get(known)).toMatchObject({ kind: "direct", directKey: directKey(member.id, bob.id) });
  for (const { members } of rooms) expect(members.map(({ userId }) => userId)).toContain(member.id);
  const blocks = await database.db.block.findMany({ where: { OR: [{ userId: member.id }, { blockedId: member.id }] } });
  expect(blocks.map(({ userId, blockedId }) => [userId, blockedId])).toEqual(
    expect.arrayContaining([
      [member.id, cat.id],
      [bob.id, member.id],
    ]),
  );
  expect(blocks).toHaveLength(2);
  expect(await database.db.block.count({ where: { OR: [{ userId: guest.id }, { blockedId: guest.id }] } })).toBe(0);
});

it("merging a guest: resolves idempotency keys that both accounts used", async () => {
  const room = await makeRoom(database);
  const key = newId();
  const ours = await say(room, member, key);
  const theirs = await say(room, guest, key);
  const gone = newId();
  await say(room, member, gone);
  await database.pool.query("UPDATE messages SET deleted_at = now(), text = '' WHERE id = $1", [(await say(room, guest, gone)).id]);
  settle();
  expect(await mergeHistory(node.services, people)).toBe(true);
  const rows = await storedMessages(database.pool, room);
  expect(rows.map(({ text }) => text).filter((text) => text !== "")).toHaveLength(3);
  expect(rows.find(({ id }) => id === ours.id)?.client_message_id).toBe(key);
  expect(rows.find(({ id }) => id === theirs.id)).toMatchObject({
    author_id: people.userId,
    client_message_id: expect.not.stringMatching(key),
  });
});

it("merging a guest: can be interrupted at any step and resumed, and a repeat changes nothing", async () => {
  const rooms = [await makeRoom(database), await makeRoom(database)];
  for (const room of rooms) await Promise.all(Array.from({ length: 230 }, () => say(room, guest)));
  settle();
  for (const table of ["messages", "rooms", "users", "guest_merges", "audit_log"]) {
    const mend = await breakTable(database, table);
    await expect(mergeHistory(node.services, people)).rejects.toThrow(/broken down/);
    await mend();
    expect(await isFinished()).toBe(false);
  }
  expect(await mergeHistory(node.services, people)).toBe(true);
  const after = await tableRows(database);
  expect(await mergeHistory(node.services, people)).toBe(false);
  expect(await continueMerges(node.services, { limit: 100 })).toBe(0);
  expect(await tableRows(database)).toEqual(after);
  for (const room of rooms) {
    const rows = await storedMessages(database.pool, room);
    expect(rows.map(({ author_id }) => author_id)).toEqual(Array<string>(230).fill(people.userId));
    expect(rows.map(({ changed_seq }) => changed_seq)).toEqual(rows.map(({ seq }) => seq + 230));
  }
});

it("merging a guest: leaves a recent merge open for late writes, and the job completes it", async () => {
  const room = await makeRoom(database);
  await say(room, guest);
  expect(await continueMerges(node.services, { limit: 100 })).toBe(0);
  await say(room, guest);
  settle();
  expect(await mergeGuestsJob.run(node.services)).toBe(1);
  expect((await storedMessages(database.pool, room)).map(({ author_id }) => author_id)).toEqual([people.userId, people.userId]);
  expect(await isFinished()).toBe(true);
});

it("merging a guest: gives the same result when several workers run at once", async () => {
  const room = await makeRoom(database);
  await Promise.all(Array.from({ length: 250 }, () => say(room, guest)));
  settle();
  const done = await Promise.all(Array.from({ length: 4 }, () => mergeHistory(node.services, people)));
  expect(done.filter(Boolean)).toHaveLength(1);
  const rows = await storedMessages(database.pool, room);
  expect(rows.map(({ changed_seq }) => changed_seq)).toEqual(rows.map(({ seq }) => seq + 250));
});

it("merging a guest: is not overtaken by the purge of inactive guests", async () => {
  const room = await makeRoom(database);
  await say(room, guest);
  await database.db.session.deleteMany({ where: { userId: people.guestId } });
  clock.advance(3 * 86_400_000);
  await purgeGuests(node.services, { limit: 100 });
  expect((await database.db.user.findUniqueOrThrow({ where: { id: people.guestId } })).erasedAt).toBeNull();
  expect(await mergeHistory(node.services, people)).toBe(true);
  expect((await storedMessages(database.pool, room))[0]?.author_id).toBe(people.userId);
});
