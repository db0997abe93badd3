import { beforeEach, describe, expect, it } from "vitest";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const MINUTE = 60_000;
const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" });
const [ann, bob] = [author("ann"), author("bob")];

let clock: ReturnType<typeof stoppedClock>;
let book: PresenceRegistry;

beforeEach(() => {
  clock = stoppedClock();
  book = createPresenceRegistry(clock.now);
});

const changes = () => book.takeChanges().map(({ id, status }) => [id, status]);

describe("presence", () => {
  it("is online with a beat, away after 5 minutes of silence, offline after 10", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.enter(ann, ROOM);
    expect(changes()).toEqual([["ann", "online"]]);
    clock.advance(5 * MINUTE - 1);
    expect(changes()).toEqual([]);
    clock.advance(1);
    expect(changes()).toEqual([["ann", "away"]]);
    clock.advance(5 * MINUTE - 1);
    expect(changes()).toEqual([]);
    clock.advance(1);
    expect(changes()).toEqual([["ann", "offline"]]);
    expect(book.roster(ROOM)).toMatchObject([{ id: "ann", status: "offline" }]);
  });

  it("is away by one's own word, and online again by it", () => {
    expect(book.recordHeartbeat(ann, "phone", "away")).toBe("away");
    expect(changes()).toEqual([["ann", "away"]]);
    expect(book.recordHeartbeat(ann, "phone", "online")).toBe("online");
    expect(changes()).toEqual([["ann", "online"]]);
  });

  it("is that of the liveliest device", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.recordHeartbeat(ann, "desk", "away");
    expect(changes()).toEqual([["ann", "online"]]);
    book.drop("ann", "phone");
    expect(changes()).toEqual([["ann", "away"]]);
    clock.advance(9 * MINUTE);
    book.recordHeartbeat(ann, "phone", "online");
    expect(changes()).toEqual([["ann", "online"]]);
  });

  it("ends when the last device goes, and says when somebody was last seen", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.takeChanges();
    const seen = clock.now().toISOString();
    clock.advance(MINUTE);
    book.drop("ann", "phone");
    expect(book.takeChanges()).toEqual([{ id: "ann", status: "offline", lastSeenAt: seen, roomIds: [] }]);
    expect(book.takeChanges()).toEqual([]);
  });

  it("that does not change is written down again after a minute, as long as there are beats", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.takeChanges();
    clock.advance(MINUTE - 1);
    book.recordHeartbeat(ann, "phone", "online");
    expect(book.takeUnpersisted()).toEqual([]);
    clock.advance(1);
    book.recordHeartbeat(ann, "phone", "online");
    expect(book.takeUnpersisted()).toEqual([{ id: "ann", status: "online", lastSeenAt: clock.now().toISOString() }]);
    clock.advance(3 * MINUTE);
    expect(book.takeUnpersisted()).toEqual([]);
  });

  it("tells a change once, with the rooms where it is seen", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.enter(ann, ROOM);
    book.enter(ann, "other");
    expect(book.takeChanges()).toMatchObject([{ roomIds: [ROOM, "other"] }]);
    expect(book.takeChanges()).toEqual([]);
  });

  it("of who came and went between two looks is never told", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.drop("ann", "phone");
    expect(book.takeChanges()).toEqual([]);
  });
});

describe("the people of a room", () => {
  it("count once however many devices they bring, until the last has left", () => {
    book.recordHeartbeat(ann, "phone", "online");
    expect([book.enter(ann, ROOM), book.enter(ann, ROOM)]).toEqual([true, false]);
    book.enter(bob, ROOM);
    expect(book.onlineCount(ROOM)).toBe(2);
    expect([book.leave("ann", ROOM), book.leave("ann", ROOM), book.leave("ann", ROOM)]).toEqual([false, true, false]);
    expect(book.roster(ROOM).map(({ id }) => id)).toEqual(["bob"]);
  });

  it("count once over several rooms", () => {
    for (const room of [ROOM, "other"]) book.enter(ann, room);
    book.enter(bob, "other");
    expect(book.onlineIn([ROOM, "other", "empty"])).toBe(2);
  });

  it("include one who comes in after a long silence", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.takeChanges();
    clock.advance(11 * MINUTE);
    book.takeChanges();
    expect(book.enter(ann, ROOM)).toBe(true);
    expect(book.onlineCount(ROOM)).toBe(1);
  });
});
