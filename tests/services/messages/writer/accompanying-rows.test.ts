import { beforeAll, describe, expect, it } from "vitest";
import { commitDrafts } from "../../../../services/messages/writer/commit.ts";
import type { PendingNotification } from "../../../../services/messages/writer/draft.ts";
import { newId } from "../../../../utils/ids.ts";
import { draftFor, makeGuest, makeRoom, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";

let ann: Person;
let ben: Person;
let roomId: string;

const { app, database } = await appForFile();

beforeAll(async () => {
  ann = await makeGuest(app.services);
  ben = await makeGuest(app.services);
  roomId = await makeRoom(app.services);
});

const mentionOf = (person: Person): PendingNotification => ({ id: newId(), userId: person.id, kind: "mention" });

const notificationsOf = async (messageIds: readonly string[]) =>
  (
    await database.pool.query<{ id: string; message_id: string; actor_id: string }>(
      "SELECT id, message_id, actor_id FROM notifications WHERE message_id = ANY($1::uuid[])",
      [messageIds],
    )
  ).rows;

describe("rows that accompany a message", () => {
  it("are stored with the message they belong to, in a batch in which others have none", async () => {
    const first = draftFor(roomId, ann, { notifications: [mentionOf(ben)] });
    const second = draftFor(roomId, ann);
    const third = draftFor(roomId, ben, { notifications: [mentionOf(ann)] });
    const numbered = await commitDrafts(app.services.pool, [first, second, third], "wait");
    expect(numbered.size).toBe(3);
    const expected = [first, third].map((draft) => ({ id: draft.notifications[0]?.id, message_id: draft.id, actor_id: draft.author.id }));
    const stored = await notificationsOf([first.id, second.id, third.id]);
    expect(stored).toHaveLength(expected.length);
    expect(stored).toEqual(expect.arrayContaining(expected));
  });

  it("are not stored if their message is not: a repeated key, or a room that does not exist", async () => {
    const sent = draftFor(roomId, ann);
    await commitDrafts(app.services.pool, [sent], "wait");
    const repeated = draftFor(roomId, ann, { clientMessageId: sent.clientMessageId, notifications: [mentionOf(ben)] });
    const nowhere = draftFor(newId(), ann, { notifications: [mentionOf(ben)] });
    const kept = draftFor(roomId, ann, { notifications: [mentionOf(ben)] });
    const numbered = await commitDrafts(app.services.pool, [repeated, nowhere, kept], "wait");
    expect([...numbered.keys()]).toEqual([kept.id]);
    const ids = (await notificationsOf([sent.id, repeated.id, nowhere.id, kept.id])).map(({ message_id }) => message_id);
    expect(ids).toEqual([kept.id]);
  });
});

describe("the subject of a notification", () => {
  const insert = (columns: Record<string, string | null>) => {
    const row = { id: newId(), user_id: ben.id, kind: "mention", actor_id: ann.id, ...columns };
    const names = Object.keys(row);
    const values = names.map((_, index) => `$${index + 1}`);
    return database.pool.query(`INSERT INTO notifications (${names.join(", ")}) VALUES (${values.join(", ")})`, Object.values(row));
  };

  it("is a message with its room, and names no other id", async () => {
    const draft = draftFor(roomId, ann);
    await commitDrafts(app.services.pool, [draft], "wait");
    await expect(insert({ subject_id: newId() })).rejects.toThrow(/notifications_subject_check/);
    await expect(insert({ message_id: draft.id })).rejects.toThrow(/notifications_subject_check/);
    await expect(insert({ message_id: draft.id, room_id: roomId, subject_id: newId() })).rejects.toThrow(/notifications_subject_check/);
    await insert({ message_id: draft.id, room_id: roomId });
    expect(await notificationsOf([draft.id])).toHaveLength(1);
  });
});
