import { beforeEach, describe, expect, it } from "vitest";
import { inTransaction } from "../../../prisma/transaction.ts";
import { insertModerationNotifications, type ModerationNotification } from "../../../services/notifications/moderation-notifications.ts";
import { eraseUser } from "../../../services/privacy/erasure/erase-user.ts";
import type { NotificationDto } from "../../../utils/contract/schemas/notifications.ts";
import { newId } from "../../../utils/ids.ts";
import { restOf, switchboard } from "../../support/conversations.ts";
import { exportOf, fetchLink, jsonIn, unzip } from "../../support/export.ts";
import { makeGuest, makeMember, type Person } from "../../support/factories.ts";
import { appForFile } from "../../support/for-file.ts";

let ann: Person;

const { app, database } = await appForFile();
const { line, hangUp } = switchboard(() => app);

beforeEach(async () => {
  ann = await makeMember(app.services);
});

const insert = (rows: readonly ModerationNotification[]) => inTransaction(database.pool, (tx) => insertModerationNotifications(tx, rows));

const aboutAction = (userId = ann.id): ModerationNotification => ({
  userId,
  kind: "moderation",
  subjectKind: "action",
  subjectId: newId(),
});
const aboutAppeal = (userId = ann.id): ModerationNotification => ({ userId, kind: "appeal", subjectKind: "appeal", subjectId: newId() });
const aboutReport = (userId = ann.id): ModerationNotification => ({ userId, kind: "report", subjectKind: "report", subjectId: newId() });

const listOf = async (person: Person, query = "") =>
  (await restOf(app, person).get<{ items: NotificationDto[] }>(`/api/notifications${query}`)).body.items;

describe("notifications about moderation", () => {
  it("are listed newest first with their subject, and without a message or an actor", async () => {
    const rows = [aboutAction(), aboutAppeal(), aboutReport()];
    for (const row of rows) expect(await insert([row])).toHaveLength(1);
    const expected = rows.toReversed().map(({ kind, subjectKind, subjectId }) => ({
      kind,
      subject: { kind: subjectKind, id: subjectId },
      roomId: null,
      messageId: null,
      actor: null,
      excerpt: null,
      readAt: null,
    }));
    expect(await listOf(ann)).toMatchObject(expected);
  });

  it("are published to the user's open sockets, and marked as read like others", async () => {
    const bob = await makeMember(app.services);
    const [live, other] = [await line(ann), await line(bob)];
    const ids = await insert([aboutAction(), aboutReport()]);
    app.services.events.publish("notificationsCreated", { ids });
    for (const id of ids) await live.nextEvent("notification_created", (notification) => notification.id === id);
    const [first = ""] = ids;
    await restOf(app, ann).post("/api/notifications/read", { ids: [first] });
    expect(await live.nextEvent("notifications_read")).toMatchObject({ ids: [first] });
    expect((await listOf(ann, "?unread=true")).map(({ id }) => id)).toEqual(ids.slice(1));
    expect(other.received.filter(({ name }) => name === "notification_created")).toEqual([]);
    hangUp();
  });

  it("are listed whatever the user's preferences, also while notifications are paused", async () => {
    const kinds = { mentions: false, replies: false, messages: false, requests: false };
    const pausedUntil = new Date(Date.now() + 3_600_000).toISOString();
    const changed = await restOf(app, ann).call("PATCH", "/api/notifications/preferences", { json: { kinds, pausedUntil } });
    expect(changed.status).toBe(200);
    const live = await line(ann);
    const ids = await insert([aboutAction(), aboutAppeal()]);
    app.services.events.publish("notificationsCreated", { ids });
    for (const id of ids) await live.nextEvent("notification_created", (notification) => notification.id === id);
    expect((await listOf(ann)).map(({ id }) => id).sort()).toEqual([...ids].sort());
    hangUp();
  });

  it("about an appeal or a report exist once for a user; those about an action are repeated when it ends", async () => {
    const [action, appeal, report] = [aboutAction(), aboutAppeal(), aboutReport()];
    expect(await insert([action, appeal, report, appeal])).toHaveLength(3);
    expect(await insert([appeal, report])).toEqual([]);
    expect(await insert([action])).toHaveLength(1);
    expect(await insert([{ ...report, userId: (await makeMember(app.services)).id }])).toHaveLength(1);
    expect((await listOf(ann)).map(({ kind }) => kind).sort()).toEqual(["appeal", "moderation", "moderation", "report"]);
  });

  it("are not created for erased users, and are removed with the account", async () => {
    const guest = await makeGuest(app.services);
    await insert([aboutAction(), aboutAction(guest.id)]);
    for (const { id } of [ann, guest]) await eraseUser(app.services, { userId: id, displayName: "Deleted user", messages: "keep" });
    const kept = await makeMember(app.services);
    expect(await insert([aboutAction(), aboutAction(guest.id), aboutAction(kept.id)])).toHaveLength(1);
    expect(await database.db.notification.count({ where: { userId: { in: [ann.id, guest.id] } } })).toBe(0);
  });

  it("are contained in the export with their subject", async () => {
    const bob = await makeMember(app.services, { isProven: true });
    const row = aboutAppeal(bob.id);
    await insert([row]);
    const files = await unzip(await fetchLink(app, (await exportOf(app, bob)).downloadUrl));
    expect(jsonIn(files, "notifications")).toMatchObject([
      { kind: "appeal", subject: "appeal", subjectId: row.subjectId, messageId: null, readAt: null },
    ]);
  });
});

it("inserting no notifications about moderation returns no ids", async () => {
  expect(await insert([])).toEqual([]);
});
