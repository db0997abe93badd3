import { beforeEach, describe, expect, it } from "vitest";
import { fingerprintOf, isNearCopy } from "../../../services/automod/text-similarity.ts";
import { createRaidDetector, type RaidDetector, type RaidSignal } from "../../../services/raids/raid-detector.ts";
import type { RoomRecord } from "../../../services/rooms/room-cache.ts";
import { raids } from "../../../utils/contract/limits.ts";
import { stoppedClock } from "../../support/clock.ts";

let clock: ReturnType<typeof stoppedClock>;
let signals: RaidSignal[];
let detector: RaidDetector;

const detectorWith = (scale: number): RaidDetector =>
  createRaidDetector({ now: clock.now, scale, fingerprintOf, isNearCopy, onSignal: (signal) => signals.push(signal) });

beforeEach(() => {
  clock = stoppedClock();
  signals = [];
  detector = detectorWith(1);
});

const roomOf = (id: string, loungeId = "lounge"): RoomRecord => ({
  id,
  kind: "language",
  languageCode: "en",
  name: "A room",
  topic: null,
  slowModeMs: 0,
  raids: [],
  pair: null,
  ownerId: null,
  lounge: { id: loungeId, accessLevel: "open", isActive: true, maxCapacity: null, roomIds: [] },
});

type Author = Parameters<RaidDetector["noteMessage"]>[1];

const authorOf = (id: number, over: Partial<Author> = {}): Author => ({
  id: `author ${id}`,
  kind: "guest",
  role: "guest",
  trustLevel: "guest",
  createdAt: clock.now(),
  ...over,
});

const kinds = () => signals.map(({ kind, scope }) => `${kind} ${scope.kind} ${scope.id}`);
const times = <Result>(count: number, work: (index: number) => Result): Result[] =>
  Array.from({ length: count }, (_value, index) => work(index));
const sayAll = (count: number, room: RoomRecord, text: (index: number) => string, over: Partial<Author> = {}) =>
  times(count, (index) => detector.noteMessage(room, authorOf(index, over), text(index)));

const PITCH = "Win free coins today, visit the casino of the golden canal and bring your friends";
const SYLLABLES = ["ba", "ke", "di", "fo", "gu", "ma", "ne", "pi", "ro", "tu"];
const nameOf = (index: number) => [...String(index)].map((digit) => SYLLABLES[Number(digit)]).join("");
const greeting = (index: number) => `Hello from ${nameOf(index)}`;

describe("new guests", () => {
  it("are reported once too many join within a minute, and not if they take longer", () => {
    times(raids.guests - 1, () => detector.noteGuest());
    clock.advance(raids.windowMs);
    times(raids.guests - 1, () => detector.noteGuest());
    expect(kinds()).toEqual([]);
    detector.noteGuest();
    expect(kinds()).toEqual(["guests site null"]);
  });

  it("are not reported in a load test, whose limits are scaled", () => {
    detector = detectorWith(1_000);
    times(2_000, () => detector.noteGuest());
    sayAll(2_000, roomOf("room"), () => PITCH);
    expect(kinds()).toEqual([]);
  });
});

describe("first visits", () => {
  it("of guests are counted per room and per lounge; those of members are not", () => {
    times(200, () => detector.noteFirstVisit(roomOf("members"), { kind: "member" }));
    times(raids.joins.room, () => detector.noteFirstVisit(roomOf("one"), { kind: "guest" }));
    times(raids.joins.lounge - raids.joins.room, () => detector.noteFirstVisit(roomOf("two"), { kind: "guest" }));
    expect(kinds()).toEqual(["joins room one", "joins lounge lounge"]);
  });
});

describe("first messages", () => {
  it("of new accounts are counted once an author, and not for trusted, old or staff accounts", () => {
    const room = roomOf("room");
    const old = new Date(clock.now().getTime() - raids.freshMs);
    sayAll(100, room, greeting, { trustLevel: "member", kind: "member", role: "member" });
    sayAll(100, room, greeting, { role: "moderator" });
    sayAll(100, room, greeting, { createdAt: old });
    expect(kinds()).toEqual([]);
    times(raids.firstMessages.room - 1, (index) => detector.noteMessage(room, authorOf(1_000 + index), greeting(index)));
    expect(kinds()).toEqual([]);
    times(5, (index) => detector.noteMessage(room, authorOf(5_000), greeting(index)));
    expect(kinds()).toEqual(["first_messages room room"]);
  });
});

describe("copies of one text", () => {
  it("are held from the fourth on, and reported from the sixth, with all authors", () => {
    const verdicts = sayAll(8, roomOf("room"), (index) => `${PITCH} ${index}!!`);
    expect(verdicts).toEqual([null, null, null, "hold", "hold", "hold", "hold", "hold"]);
    expect(signals).toEqual([
      { kind: "copies", scope: { kind: "room", id: "room" }, authorIds: [0, 1, 2, 3, 4, 5].map((id) => `author ${id}`) },
    ]);
  });

  it("count all of each author, once there are two", () => {
    const room = roomOf("room");
    const say = (author: number) => detector.noteMessage(room, authorOf(author), PITCH);
    expect([say(1), say(1), say(1), say(1), say(2), say(1)]).toEqual([null, null, null, null, "hold", "hold"]);
  });

  it("are recognized across rooms and lounges, and with small changes", () => {
    const changed = (index: number) => PITCH.replace("golden", `g${"o".repeat(index + 1)}lden`).toUpperCase();
    const verdicts = times(6, (index) =>
      detector.noteMessage(roomOf(`room ${index}`, `lounge ${index % 2}`), authorOf(index), changed(index)),
    );
    expect(verdicts.slice(3)).toEqual(["hold", "hold", "hold"]);
    expect(kinds()).toEqual(["copies site null"]);
  });

  it("that are short are held only after three times as many authors, and never if they are greetings", () => {
    const room = roomOf("room");
    const held = (text: string) => sayAll(30, room, () => text).indexOf("hold");
    expect(held("good evening all")).toBe(raids.copies.hold * raids.copies.shortFactor);
    detector = detectorWith(1);
    expect(held("hello you")).toBe(-1);
  });

  it("of one author, of trusted members and different texts are not held", () => {
    const room = roomOf("room");
    const verdicts = [
      ...times(20, () => detector.noteMessage(room, authorOf(1), PITCH)),
      ...sayAll(20, room, () => PITCH, { trustLevel: "member" }),
      ...sayAll(15, room, greeting),
    ];
    expect(verdicts.filter((verdict) => verdict !== null)).toEqual([]);
    expect(kinds().filter((kind) => kind.startsWith("copies"))).toEqual([]);
  });

  it("are forgotten after ten minutes", () => {
    const room = roomOf("room");
    sayAll(3, room, () => PITCH);
    clock.advance(raids.copiesMs + 1);
    expect(detector.noteMessage(room, authorOf(9), PITCH)).toBeNull();
  });
});
