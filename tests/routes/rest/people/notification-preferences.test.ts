import { beforeEach, describe, expect, it } from "vitest";
import { mergeHistory } from "../../../../services/guests/merge-history.ts";
import { eraseUser } from "../../../../services/privacy/erasure/erase-user.ts";
import { defaultNotificationPreferences } from "../../../../utils/contract/notification-defaults.ts";
import type { NotificationPreferences } from "../../../../utils/contract/schemas/notification-preferences.ts";
import { movableClock } from "../../../support/clock.ts";
import { restOf } from "../../../support/conversations.ts";
import { expectError } from "../../../support/expect.ts";
import { makeGuest, makeMember, makeSession, type Person } from "../../../support/factories.ts";
import { appForFile } from "../../../support/for-file.ts";
import { connect } from "../../../support/sockets/sockets.ts";

const PATH = "/api/notifications/preferences";
const clock = movableClock();
let ann: Person;

const { app, database } = await appForFile({ now: clock.now });

beforeEach(async () => {
  ann = await makeMember(app.services);
});

const read = async (person: Person) => (await restOf(app, person).get<NotificationPreferences>(PATH)).body;
const change = (person: Person, json: object) => restOf(app, person).call<NotificationPreferences>("PATCH", PATH, { json });
const night = { from: "22:00", to: "08:00", timeZone: "Europe/Berlin" };

describe("notification preferences", () => {
  it("have defaults for a user who has changed nothing: everything on but the sound", async () => {
    expect(await read(ann)).toEqual(defaultNotificationPreferences);
    expect(await read(await makeGuest(app.services))).toMatchObject({ sound: false, toasts: true, pausedUntil: null, quietHours: null });
  });

  it("keep what a change omits, and are each user's own", async () => {
    const bob = await makeMember(app.services);
    expect((await change(ann, { quietHours: night })).body).toEqual({ ...defaultNotificationPreferences, quietHours: night });
    expect((await change(ann, { kinds: { replies: false }, sound: true })).status).toBe(200);
    const kinds = { mentions: true, replies: false, messages: true, requests: true };
    expect(await read(ann)).toEqual({ pausedUntil: null, quietHours: night, sound: true, toasts: true, kinds });
    expect((await change(ann, {})).body).toEqual(await read(ann));
    expect(await read(bob)).toEqual(defaultNotificationPreferences);
  });

  it("are removed by null: the pause and the quiet hours", async () => {
    const pausedUntil = "2030-01-01T08:00:00.000Z";
    expect((await change(ann, { pausedUntil, quietHours: night })).body).toMatchObject({ pausedUntil, quietHours: night });
    expect((await change(ann, { pausedUntil: null })).body).toMatchObject({ pausedUntil: null, quietHours: night });
    expect((await change(ann, { quietHours: null })).body).toEqual(defaultNotificationPreferences);
  });

  it("are kept for guests too", async () => {
    const guest = await makeGuest(app.services);
    await change(guest, { toasts: false });
    expect(await read(guest)).toMatchObject({ toasts: false });
  });

  it("reject an invalid change as a whole", async () => {
    const zone = { ...night, timeZone: "Moon/Tycho" };
    for (const json of [
      { sound: true, quietHours: zone },
      { quietHours: { ...night, to: "22:00" } },
      { pausedUntil: "soon" },
      { loud: true },
    ])
      expectError(await change(ann, json), 400, "invalid_input");
    expect(await read(ann)).toEqual(defaultNotificationPreferences);
  });

  it("merge two changes that arrive at once", async () => {
    await Promise.all([change(ann, { sound: true }), change(ann, { toasts: false }), change(ann, { kinds: { requests: false } })]);
    expect(await read(ann)).toMatchObject({ sound: true, toasts: false, kinds: { requests: false, replies: true } });
  });
});

describe("a change of notification preferences", () => {
  it("is published to all of the user's own devices and to no other user", async () => {
    const bob = await makeMember(app.services);
    const devices = [await connect(app.url, ann.token), await connect(app.url, (await makeSession(app.services, ann)).token)];
    const other = await connect(app.url, bob.token);
    const { body } = await change(ann, { sound: true });
    for (const device of devices) expect(await device.nextEvent("notification_preferences_changed")).toEqual(body);
    const own = await change(bob, { toasts: false });
    expect(await other.nextEvent("notification_preferences_changed")).toEqual(own.body);
    for (const live of [...devices, other]) live.close();
  });
});

describe("notification preferences of a guest who signs in to an account", () => {
  const merge = async (guest: Person, member: Person): Promise<void> => {
    const people = { guestId: guest.id, userId: member.id };
    await database.db.guestMerge.create({ data: { ...people, createdAt: clock.now() } });
    clock.advance(3_000);
    expect(await mergeHistory(app.services, people)).toBe(true);
  };

  it("become the account's where it has none, and are published to its devices", async () => {
    const guest = await makeGuest(app.services);
    await change(guest, { sound: true, quietHours: night });
    const live = await connect(app.url, ann.token);
    await merge(guest, ann);
    expect(await live.nextEvent("notification_preferences_changed")).toMatchObject({ sound: true, quietHours: night });
    expect(await read(ann)).toMatchObject({ sound: true, quietHours: night });
    expect(await database.db.notificationPreferences.count({ where: { userId: guest.id } })).toBe(0);
    live.close();
  });

  it("are dropped where the account has its own", async () => {
    const guest = await makeGuest(app.services);
    await change(guest, { sound: true });
    await change(ann, { toasts: false });
    await merge(guest, ann);
    expect(await read(ann)).toMatchObject({ sound: false, toasts: false });
    expect(await database.db.notificationPreferences.count({ where: { userId: guest.id } })).toBe(0);
  });
});

it("erasing an account removes its notification preferences", async () => {
  await change(ann, { sound: true });
  await eraseUser(app.services, { userId: ann.id, displayName: "Deleted user", messages: "keep" });
  expect(await database.db.notificationPreferences.count({ where: { userId: ann.id } })).toBe(0);
});
