import { readFile } from "node:fs/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { UnreadDto } from "../../../../utils/contract/schemas/conversations.ts";
import type { UnreadRoomDto } from "../../../../utils/contract/schemas/own-rooms.ts";
import { unreadRoom } from "../../../../utils/contract/schemas/own-rooms.ts";
import { newId } from "../../../../utils/ids.ts";
import { letWrite, makeOpenConversation, openConversation, restOf, sayIn, switchboard } from "../../../support/conversations.ts";
import { makeGuest, makeLounge, makeMember, makeRoom, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

let ann: Person;
let bob: Person;
const { line, hangUp } = switchboard(() => app);

const { app, database } = await appForFile();

beforeEach(async () => {
  ann = await makeMember(app.services, { displayName: "Ann" });
  bob = await makeMember(app.services, { displayName: "Bob" });
});

afterEach(hangUp);

const readStateOf = async (person: Person, roomId: string) =>
  (await restOf(app, person).get<{ items: UnreadDto[] }>("/api/chatroom/unread")).body.items.find((item) => item.roomId === roomId);
const unreadRoomsOf = async (person: Person, query = "") =>
  (await restOf(app, person).get<{ items: UnreadRoomDto[] }>(`/api/chatroom/unread/rooms${query}`)).body.items;
const say = (person: Person, roomId: string, text = "hello") =>
  restOf(app, person).post<{ id: string }>(`/api/chatroom/rooms/${roomId}/messages`, { clientMessageId: newId(), text });
const read = (person: Person, roomId: string) => restOf(app, person).post(`/api/chatroom/rooms/${roomId}/read`, { seq: 1_000 });
const star = (person: Person, roomId: string, method: "PUT" | "DELETE" = "PUT") =>
  restOf(app, person).call(method, `/api/chatroom/rooms/${roomId}/star`);
const setLevel = (person: Person, roomId: string, level: string) =>
  restOf(app, person).call("PUT", `/api/chatroom/rooms/${roomId}/level`, { json: { level } });

/** Returns the migration's statement that marks the rooms in which users have already written. */
async function backfill(): Promise<string> {
  const path = new URL("../../../../prisma/migrations/20261129110000_own_rooms/migration.sql", import.meta.url);
  const sql = await readFile(path, "utf8");
  return sql.slice(sql.indexOf("UPDATE"));
}

describe("own rooms", () => {
  it("sending a message makes the room the user's own, over REST and socket; a visit does not", async () => {
    const sent = await makeRoom(app.services);
    const said = await makeRoom(app.services);
    const visited = await makeRoom(app.services);
    const live = await line(ann);
    await live.command("join_room", { roomId: visited });
    await sayIn(live, said);
    await say(ann, sent);
    for (const roomId of [said, sent]) expect(await readStateOf(ann, roomId)).toMatchObject({ hasWritten: true, isStarred: false });
    expect(await readStateOf(ann, visited)).toMatchObject({ hasWritten: false, isStarred: false });
  });

  it("sending to a room without having entered it counts no earlier messages as unread", async () => {
    const roomId = await makeRoom(app.services);
    await say(bob, roomId);
    await say(ann, roomId);
    expect(await readStateOf(ann, roomId)).toMatchObject({ hasWritten: true, unreadCount: 0 });
  });

  it("migrating the database marks the rooms with messages from before the column existed", async () => {
    const roomId = await makeRoom(app.services);
    const visited = await makeRoom(app.services);
    await say(ann, roomId);
    await read(ann, visited);
    await database.pool.query("UPDATE room_members SET first_sent_at = NULL WHERE user_id = $1", [ann.id]);
    await database.pool.query(await backfill());
    expect((await readStateOf(ann, roomId))?.hasWritten).toBe(true);
    expect((await readStateOf(ann, visited))?.hasWritten).toBe(false);
  });
});

describe("starring a room", () => {
  it("is stored, can be repeated and removed, and is published only to the user's own devices", async () => {
    const roomId = await makeRoom(app.services);
    const devices = [await line(ann), await line(await makeSession(app.services, ann))];
    const theirs = await line(bob);
    for (const _ of [1, 2]) expect((await star(ann, roomId)).status).toBe(204);
    for (const device of devices) expect(await device.nextEvent("star_changed")).toEqual({ roomId, isStarred: true });
    expect((await readStateOf(ann, roomId))?.isStarred).toBe(true);
    for (const _ of [1, 2]) expect((await star(ann, roomId, "DELETE")).status).toBe(204);
    for (const device of devices) expect(await device.nextEvent("star_changed", ({ isStarred }) => !isStarred)).toMatchObject({ roomId });
    expect((await readStateOf(ann, roomId))?.isStarred).toBe(false);
    expect(theirs.received.filter(({ name }) => name === "star_changed")).toEqual([]);
  });

  it("counts only later messages as unread in a room that was never entered", async () => {
    const roomId = await makeRoom(app.services);
    await say(bob, roomId, "before");
    await star(ann, roomId);
    expect((await readStateOf(ann, roomId))?.unreadCount).toBe(0);
    await say(bob, roomId, "after");
    expect((await readStateOf(ann, roomId))?.unreadCount).toBe(1);
  });

  it("is available to guests where they have access, and to no one elsewhere", async () => {
    const guest = await makeGuest(app.services);
    const open = await makeRoom(app.services);
    const closed = await makeRoom(app.services, { accessLevel: "registered" });
    expect((await star(guest, open)).status).toBe(204);
    expect((await star(guest, closed)).body).toMatchObject({ code: "room_requires_account" });
    expect((await star(guest, newId())).status).toBe(404);
    expect(await database.db.roomMember.count({ where: { userId: guest.id } })).toBe(1);
  });

  it("does not add a user to a conversation", async () => {
    const roomId = await makeOpenConversation(app, ann, bob);
    const eve = await makeMember(app.services);
    expect((await star(eve, roomId)).status).toBe(404);
    expect((await star(ann, roomId)).status).toBe(204);
    expect((await readStateOf(ann, roomId))?.isStarred).toBe(true);
    expect(await database.db.roomMember.count({ where: { roomId } })).toBe(2);
  });
});

describe("unread rooms", () => {
  it("lists rooms with mentions first, then the newest message first, with lounge, author and excerpt", async () => {
    const loungeId = await makeLounge(app.services);
    const mentioned = await makeRoom(app.services, { loungeId, languageCode: "en" });
    const older = await makeRoom(app.services, { loungeId, languageCode: "de" });
    const newer = await makeRoom(app.services, { loungeId, languageCode: "fr" });
    for (const roomId of [mentioned, older, newer]) await star(ann, roomId);
    await say(bob, mentioned, `are you there, <@${ann.id}>?`);
    for (const roomId of [older, newer]) await say(bob, roomId, `in ${roomId}`);
    const items = await unreadRoomsOf(ann);
    expect(items.map(({ roomId }) => roomId)).toEqual([mentioned, newer, older]);
    expect(unreadRoom.strict().parse(items[0])).toMatchObject({
      kind: "language",
      languageCode: "en",
      unreadCount: 1,
      mentionCount: 1,
      isStarred: true,
      peer: null,
      lounge: { id: loungeId, name: "A lounge", iconColor: "#336699" },
      lastMessage: { author: { id: bob.id, displayName: "Bob" }, excerpt: "are you there, @Ann?" },
    });
    expect(await unreadRoomsOf(ann, "?limit=2")).toHaveLength(2);
  });

  it("lists conversations with their partner, and omits read ones", async () => {
    const talkId = await makeOpenConversation(app, ann, bob);
    const live = await line(ann);
    const theirs = await line(bob);
    await sayIn(live, talkId, "hello Bob");
    await sayIn(theirs, talkId, "hello Ann");
    expect(await unreadRoomsOf(ann)).toMatchObject([
      { roomId: talkId, kind: "direct", lounge: null, peer: { id: bob.id }, lastMessage: { excerpt: "hello Ann" } },
    ]);
    await read(ann, talkId);
    expect(await unreadRoomsOf(ann)).toEqual([]);
  });

  it("omits rooms that were only visited, unless a message mentions the user", async () => {
    const roomId = await makeRoom(app.services);
    await read(ann, roomId);
    await say(bob, roomId);
    expect(await unreadRoomsOf(ann)).toEqual([]);
    await say(bob, roomId, `hello <@${ann.id}>`);
    expect(await unreadRoomsOf(ann)).toMatchObject([{ roomId, mentionCount: 1, unreadCount: 2 }]);
  });

  it("follows the notification level: mentions only, or nothing of a muted room", async () => {
    const some = await makeRoom(app.services);
    const none = await makeRoom(app.services);
    for (const roomId of [some, none]) await star(ann, roomId);
    await setLevel(ann, some, "mentions");
    await setLevel(ann, none, "mute");
    for (const roomId of [some, none]) await say(bob, roomId);
    expect(await unreadRoomsOf(ann)).toEqual([]);
    for (const roomId of [some, none]) await say(bob, roomId, `hello <@${ann.id}>`);
    expect((await unreadRoomsOf(ann)).map(({ roomId }) => roomId)).toEqual([some]);
  });

  it("omits deleted messages, the reader's own, and those of blocked users", async () => {
    const roomId = await makeRoom(app.services);
    const eve = await makeMember(app.services);
    await star(ann, roomId);
    await say(bob, roomId, "kept");
    const gone = await say(bob, roomId, "gone");
    await restOf(app, bob).call("DELETE", `/api/chatroom/messages/${gone.body.id}`);
    await say(eve, roomId, "from a blocked person");
    await say(ann, roomId, "my own");
    await restOf(app, ann).call("PUT", `/api/users/me/blocks/${eve.id}`);
    expect((await unreadRoomsOf(ann)).map(({ lastMessage }) => lastMessage.excerpt)).toEqual(["kept"]);
  });

  it("omits rooms that the user may no longer enter, and conversations they left", async () => {
    const loungeId = await makeLounge(app.services);
    const roomId = await makeRoom(app.services, { loungeId });
    await letWrite(app, ann, "everyone");
    const groupId = (await openConversation(app, bob, { userIds: [ann.id] })).body.id;
    await star(ann, roomId);
    const theirs = await line(bob);
    for (const id of [roomId, groupId]) await sayIn(theirs, id);
    expect((await unreadRoomsOf(ann)).map((item) => item.roomId).sort()).toEqual([roomId, groupId].sort());
    await database.db.lounge.update({ where: { id: loungeId }, data: { accessLevel: "phone_verified" } });
    await restOf(app, ann).call("DELETE", `/api/conversations/${groupId}`);
    expect(await unreadRoomsOf(ann)).toEqual([]);
  });
});
