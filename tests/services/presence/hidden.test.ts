import { beforeEach, describe, expect, it } from "vitest";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "member", role: "member" });
const ann = author("ann");
const bob = author("bob");

let clock: ReturnType<typeof stoppedClock>;
let registry: PresenceRegistry;

beforeEach(() => {
  clock = stoppedClock();
  registry = createPresenceRegistry(clock.now);
});

describe("a hidden user", () => {
  it("enters and leaves rooms without being listed, counted or published", () => {
    expect(registry.setHidden(ann, true)).toEqual([]);
    expect(registry.recordHeartbeat(ann, "phone", "online")).toBe("online");
    expect(registry.enter(ann, ROOM)).toBe(false);
    expect(registry.enter(bob, ROOM)).toBe(true);
    expect(registry.roster(ROOM).map(({ id }) => id)).toEqual(["bob"]);
    expect([registry.onlineCount(ROOM), registry.onlineIn([ROOM]), registry.occupiedSlotsIn([ROOM])]).toEqual([1, 1, 2]);
    expect(registry.isIn("ann", [ROOM])).toBe(true);
    clock.advance(120_000);
    expect([...registry.takeChanges(), ...registry.takeUnpersisted()].map(({ id }) => id)).not.toContain("ann");
    expect(registry.leave("ann", ROOM)).toBe(false);
  });

  it("is published once as offline when hiding, and once as online when showing again", () => {
    registry.recordHeartbeat(ann, "phone", "online");
    registry.enter(ann, ROOM);
    registry.takeChanges();
    expect(registry.setHidden(ann, true)).toEqual([ROOM]);
    expect(registry.setHidden(ann, true)).toEqual([]);
    expect(registry.takeChanges()).toMatchObject([{ id: "ann", status: "offline", roomIds: [ROOM] }]);
    expect(registry.setHidden(ann, false)).toEqual([ROOM]);
    expect(registry.takeChanges()).toMatchObject([{ id: "ann", status: "online" }]);
    expect(registry.onlineCount(ROOM)).toBe(1);
  });

  it("is removed from the registry like any other user, and is visible after coming back without the setting", () => {
    registry.setHidden(ann, true);
    registry.takeChanges();
    expect(registry.isHidden("ann")).toBe(false);
    registry.recordHeartbeat(ann, "phone", "online");
    expect(registry.takeChanges()).toMatchObject([{ id: "ann", status: "online" }]);
  });
});
