import { beforeEach, describe, expect, it } from "vitest";
import {
  dropToast,
  groupsOf,
  isAboutMessage,
  mergeNotifications,
  notifications,
  recordRead,
  type Toast,
  toasts,
} from "../../../../public/src/features/notifications/notifications.ts";
import { pausesFrom, quietOf } from "../../../../public/src/features/notifications/pauses.ts";
import { defaultNotificationPreferences } from "../../../../utils/contract/notification-defaults.ts";
import type { NotificationDto } from "../../../../utils/contract/schemas/notifications.ts";

const actor = { id: "ann", displayName: "Ann", avatarUrl: null, kind: "member", role: "member" } as const;
const at = "2026-05-01T12:00:00.000Z";
const note = (id: string, roomId = "a", readAt: string | null = null): NotificationDto => ({
  id,
  kind: "mention",
  roomId,
  messageId: `m${id}`,
  subject: { kind: "message", id: `m${id}` },
  actor,
  excerpt: "",
  createdAt: at,
  readAt,
});

beforeEach(() => {
  notifications.value = [];
  toasts.value = [];
});

describe("grouping notifications by room", () => {
  it("orders rooms by their newest notification, and notifications newest first", () => {
    const groups = groupsOf([note("5", "b"), note("4", "a"), note("3", "b", at), note("2", "c"), note("1", "a")]);
    expect(groups.map(({ roomId, notes, unread }) => [roomId, notes.map(({ id }) => id), unread])).toEqual([
      ["b", ["5", "3"], 1],
      ["a", ["4", "1"], 2],
      ["c", ["2"], 1],
    ]);
  });

  it("puts those of the moderation, which have no room, into one group", () => {
    const decided = { ...note("6"), kind: "moderation", roomId: null, messageId: null, actor: null, excerpt: null } as const;
    const reviewed = { ...decided, id: "4", kind: "report", readAt: at } as const;
    const groups = groupsOf([decided, note("5", "b"), reviewed]);
    expect(groups.map(({ roomId, notes, unread }) => [roomId, notes.map(({ id }) => id), unread])).toEqual([
      [null, ["6", "4"], 1],
      ["b", ["5"], 1],
    ]);
    expect([decided, note("5")].map(isAboutMessage)).toEqual([false, true]);
  });

  it("returns no groups without notifications", () => {
    expect(groupsOf([])).toEqual([]);
  });
});

describe("toast", () => {
  it("closes when its notification is read, and stays open when another one is read", () => {
    mergeNotifications([note("1"), note("2")]);
    toasts.value = [note("2")];
    recordRead(({ id }) => id === "1");
    expect(toasts.value.map(({ id }) => id)).toEqual(["2"]);
    recordRead(({ id }) => id === "2");
    expect(toasts.value).toEqual([]);
  });

  it("of a message without a notification stays open when notifications are read, and can be dismissed", () => {
    const message: Toast = { ...note("m"), kind: "message" };
    mergeNotifications([note("1")]);
    toasts.value = [message];
    recordRead(() => true);
    expect(toasts.value).toEqual([message]);
    dropToast("m");
    expect(toasts.value).toEqual([]);
  });
});

describe("pausing notifications", () => {
  it("until the morning ends at 8:00 of the next day, or of the same day before 5:00", () => {
    const morning = (...time: [number, number]) => pausesFrom(new Date(2026, 4, 1, ...time)).at(-1)?.until;
    expect(morning(21, 30)).toEqual(new Date(2026, 4, 2, 8));
    expect(morning(7, 59)).toEqual(new Date(2026, 4, 2, 8));
    expect(morning(5, 0)).toEqual(new Date(2026, 4, 2, 8));
    expect(morning(4, 59)).toEqual(new Date(2026, 4, 1, 8));
    expect(morning(0, 0)).toEqual(new Date(2026, 4, 1, 8));
  });

  it("until the morning works across the end of a month and of a year", () => {
    expect(pausesFrom(new Date(2026, 11, 31, 23)).at(-1)?.until).toEqual(new Date(2027, 0, 1, 8));
  });

  it("for a duration counts from the current time", () => {
    const now = new Date(2026, 4, 1, 12);
    expect(pausesFrom(now).map(({ id, until }) => [id, (until.getTime() - now.getTime()) / 60_000])).toEqual([
      ["halfHour", 30],
      ["hour", 60],
      ["morning", 1_200],
    ]);
  });
});

describe("reason why notifications are silent", () => {
  const now = new Date("2026-05-01T23:00:00Z");
  const quietHours = { from: "22:00", to: "08:00", timeZone: "UTC" };

  it("is the pause, then the quiet hours, or null", () => {
    const pausedUntil = "2026-05-01T23:30:00.000Z";
    expect(quietOf({ ...defaultNotificationPreferences, pausedUntil, quietHours }, now)).toEqual({
      kind: "pause",
      until: new Date(pausedUntil),
    });
    expect(quietOf({ ...defaultNotificationPreferences, pausedUntil: at, quietHours }, now)).toEqual({ kind: "hours", to: "08:00" });
    expect(quietOf(defaultNotificationPreferences, now)).toBeNull();
  });
});
