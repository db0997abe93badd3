import { beforeEach, describe, expect, it } from "vitest";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const MINUTE = 60_000;
const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" });
const ann = author("ann");
const bob = author("bob");

let clock: ReturnType<typeof stoppedClock>;
let registry: PresenceRegistry;

beforeEach(() => {
  clock = stoppedClock();
  registry = createPresenceRegistry(clock.now);
});

const changes = () => registry.takeChanges().map(({ id, status }) => [id, status]);

describe("presence", () => {
  it("is online after a heartbeat, away after 5 minutes without one, offline after 10", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.enter(ann, ROOM);
    expect(changes()).toEqual([["ann", "online"]]);
    clock.advance(5 * MINUTE - 1);
    expect(changes()).toEqual([]);
    clock.advance(1);
    expect(changes()).toEqual([["ann", "away"]]);
    clock.advance(5 * MINUTE - 1);
    expect(changes()).toEqual([]);
    clock.advance(1);
    expect(changes()).toEqual([["ann", "offline"]]);
    expect(registry.roster(ROOM)).toMatchObject([{ id: "ann", status: "offline" }]);
  });

  it("becomes away and online again when the client reports it", () => {
    expect(registry.recordHeartbeat(ann, "phone", "away")).toBe("away");
    expect(changes()).toEqual([["ann", "away"]]);
    expect(registry.recordHeartbeat(ann, "phone", "online")).toBe("online");
    expect(changes()).toEqual([["ann", "online"]]);
  });

  it("is the most active status of all devices", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.recordHeartbeat(ann, "desk", "away");
    expect(changes()).toEqual([["ann", "online"]]);
    registry.drop("ann", "phone");
    expect(changes()).toEqual([["ann", "away"]]);
    clock.advance(9 * MINUTE);
    registry.recordHeartbeat(ann, "phone", "online");
    expect(changes()).toEqual([["ann", "online"]]);
  });

  it("becomes offline with the last device, and keeps the time of the last activity", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.takeChanges();
    const seen = clock.now().toISOString();
    clock.advance(MINUTE);
    registry.drop("ann", "phone");
    expect(registry.takeChanges()).toEqual([{ id: "ann", status: "offline", lastSeenAt: seen, roomIds: [] }]);
    expect(registry.takeChanges()).toEqual([]);
  });

  it("is persisted again after a minute without change, while heartbeats arrive", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.takeChanges();
    clock.advance(MINUTE - 1);
    registry.recordHeartbeat(ann, "phone", "online");
    expect(registry.takeUnpersisted()).toEqual([]);
    clock.advance(1);
    registry.recordHeartbeat(ann, "phone", "online");
    expect(registry.takeUnpersisted()).toEqual([{ id: "ann", status: "online", lastSeenAt: clock.now().toISOString() }]);
    clock.advance(3 * MINUTE);
    expect(registry.takeUnpersisted()).toEqual([]);
  });

  it("is published once per change, with the rooms where the user is visible", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.enter(ann, ROOM);
    registry.enter(ann, "other");
    expect(registry.takeChanges()).toMatchObject([{ roomIds: [ROOM, "other"] }]);
    expect(registry.takeChanges()).toEqual([]);
  });

  it("is not published for a user who connects and disconnects within one interval", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.drop("ann", "phone");
    expect(registry.takeChanges()).toEqual([]);
  });
});

describe("the occupancy of a room", () => {
  it("counts a user once for all devices, until the last one has left", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    expect([registry.enter(ann, ROOM), registry.enter(ann, ROOM)]).toEqual([true, false]);
    registry.enter(bob, ROOM);
    expect(registry.onlineCount(ROOM)).toBe(2);
    expect([registry.leave("ann", ROOM), registry.leave("ann", ROOM), registry.leave("ann", ROOM)]).toEqual([false, true, false]);
    expect(registry.roster(ROOM).map(({ id }) => id)).toEqual(["bob"]);
  });

  it("counts a user once over several rooms", () => {
    for (const room of [ROOM, "other"]) registry.enter(ann, room);
    registry.enter(bob, "other");
    expect(registry.onlineIn([ROOM, "other", "empty"])).toBe(2);
  });

  it("includes a user who enters after a long inactivity", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.takeChanges();
    clock.advance(11 * MINUTE);
    registry.takeChanges();
    expect(registry.enter(ann, ROOM)).toBe(true);
    expect(registry.onlineCount(ROOM)).toBe(1);
  });
});
