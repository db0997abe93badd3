import { describe, expect, it } from "vitest";
import { isQuiet, isWithinQuietHours } from "../../../utils/contract/quiet.ts";
import {
  notificationPreferences,
  quietHours,
  updateNotificationPreferencesInput,
} from "../../../utils/contract/schemas/notification-preferences.ts";

const night = { from: "22:00", to: "08:00", timeZone: "UTC" };
const at = (moment: string): Date => new Date(moment);
const quietAt = (hours: typeof night, moment: string): boolean => isWithinQuietHours(hours, at(moment));

describe("quiet hours", () => {
  it.each([
    ["21:59:59.999", false],
    ["22:00:00.000", true],
    ["23:59:59.999", true],
    ["00:00:00.000", true],
    ["07:59:59.999", true],
    ["08:00:00.000", false],
  ])("from 22:00 to 08:00, at %s: %s", (time, expected) => {
    expect(quietAt(night, `2026-05-01T${time}Z`)).toBe(expected);
  });

  it("within one day include the start minute and exclude the end minute", () => {
    const noon = { from: "12:00", to: "12:01", timeZone: "UTC" };
    expect(["11:59:59Z", "12:00:00Z", "12:00:59Z", "12:01:00Z"].map((time) => quietAt(noon, `2026-05-01T${time}`))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it("that start at midnight include midnight", () => {
    expect(quietAt({ from: "00:00", to: "06:00", timeZone: "UTC" }, "2026-05-01T00:00:00Z")).toBe(true);
    expect(quietAt({ from: "18:00", to: "00:00", timeZone: "UTC" }, "2026-05-01T00:00:00Z")).toBe(false);
    expect(quietAt({ from: "18:00", to: "00:00", timeZone: "UTC" }, "2026-05-01T23:59:00Z")).toBe(true);
  });

  it("of zero length are never active", () => {
    const none = { from: "08:00", to: "08:00", timeZone: "UTC" };
    expect(["07:59:00Z", "08:00:00Z", "20:00:00Z"].some((time) => quietAt(none, `2026-05-01T${time}`))).toBe(false);
  });

  it("use the clock of their time zone, including offsets of half and quarter hours and zones across the date line", () => {
    const moment = "2026-05-01T16:30:00Z";
    const zones = { "America/New_York": false, "Asia/Kolkata": true, "Asia/Kathmandu": true, "Pacific/Kiritimati": true };
    const found = Object.keys(zones).map((timeZone) => [timeZone, quietAt({ ...night, timeZone }, moment)]);
    expect(Object.fromEntries(found)).toEqual(zones);
  });

  it("shift in UTC with daylight saving time, and stay at the same local time", () => {
    const berlin = { ...night, timeZone: "Europe/Berlin" };
    expect([quietAt(berlin, "2026-03-28T20:59:00Z"), quietAt(berlin, "2026-03-28T21:00:00Z")]).toEqual([false, true]);
    expect([quietAt(berlin, "2026-03-29T05:59:00Z"), quietAt(berlin, "2026-03-29T06:00:00Z")]).toEqual([true, false]);
    expect([quietAt(berlin, "2026-10-25T06:59:00Z"), quietAt(berlin, "2026-10-25T07:00:00Z")]).toEqual([true, false]);
  });

  it("that begin within the skipped hour start when the clock has skipped it", () => {
    const skipped = { from: "02:30", to: "03:30", timeZone: "Europe/Berlin" };
    const times = ["00:59:00Z", "01:00:00Z", "01:29:00Z", "01:30:00Z"];
    expect(times.map((time) => quietAt(skipped, `2026-03-29T${time}`))).toEqual([false, true, true, false]);
  });

  it("within the repeated hour are active both times", () => {
    const repeated = { from: "02:15", to: "02:45", timeZone: "Europe/Berlin" };
    const times = ["00:14:00Z", "00:15:00Z", "00:45:00Z", "01:15:00Z", "01:44:00Z", "01:45:00Z"];
    expect(times.map((time) => quietAt(repeated, `2026-10-25T${time}`))).toEqual([false, true, false, true, true, false]);
  });

  it("in an unknown time zone are never active", () => {
    expect(quietAt({ ...night, timeZone: "Moon/Tycho" }, "2026-05-01T23:00:00Z")).toBe(false);
  });
});

describe("notifications are quiet", () => {
  it("until the end of a pause", () => {
    const paused = { pausedUntil: "2026-05-01T12:00:00.000Z", quietHours: null };
    expect(isQuiet(paused, at("2026-05-01T11:59:59.999Z"))).toBe(true);
    expect(isQuiet(paused, at("2026-05-01T12:00:00.000Z"))).toBe(false);
  });

  it("during quiet hours, also after a pause has ended", () => {
    const both = { pausedUntil: "2026-05-01T12:00:00.000Z", quietHours: night };
    expect(["2026-05-01T11:00:00Z", "2026-05-01T13:00:00Z", "2026-05-01T23:00:00Z"].map((moment) => isQuiet(both, at(moment)))).toEqual([
      true,
      false,
      true,
    ]);
  });

  it("never without settings", () => {
    expect(isQuiet({ pausedUntil: null, quietHours: null }, at("2026-05-01T03:00:00Z"))).toBe(false);
  });
});

describe("the schema of quiet hours", () => {
  it("accepts IANA time zone names", () => {
    for (const timeZone of ["UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
      expect(quietHours.safeParse({ ...night, timeZone }).success).toBe(true);
  });

  it.each([
    ["an unknown zone", { timeZone: "Moon/Tycho" }],
    ["an offset", { timeZone: "+02:00" }],
    ["an empty zone", { timeZone: "" }],
    ["an hour of 24", { to: "24:00" }],
    ["a minute of 60", { from: "21:60" }],
    ["a time without a leading zero", { from: "8:00" }],
    ["a time with seconds", { from: "08:00:00" }],
    ["a period without length", { from: "08:00", to: "08:00" }],
    ["an unknown member", { days: ["monday"] }],
  ])("rejects %s", (_, change) => {
    expect(quietHours.safeParse({ ...night, ...change }).success).toBe(false);
  });
});

describe("the schema of notification preferences", () => {
  it("rejects unknown properties, including unknown kinds, and accepts partial updates", () => {
    expect(updateNotificationPreferencesInput.safeParse({ kinds: { replies: false } }).success).toBe(true);
    expect(updateNotificationPreferencesInput.safeParse({}).success).toBe(true);
    expect(updateNotificationPreferencesInput.safeParse({ kinds: { likes: false } }).success).toBe(false);
    expect(updateNotificationPreferencesInput.safeParse({ volume: 3 }).success).toBe(false);
    expect(notificationPreferences.safeParse({ sound: true }).success).toBe(false);
  });
});
