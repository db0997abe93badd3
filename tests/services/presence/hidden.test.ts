import { beforeEach, describe, expect, it } from "vitest";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "member", role: "member" });
const [ann, bob] = [author("ann"), author("bob")];

let clock: ReturnType<typeof stoppedClock>;
let book: PresenceRegistry;

beforeEach(() => {
  clock = stoppedClock();
  book = createPresenceRegistry(clock.now);
});

describe("somebody hidden", () => {
  it("comes, is on no list and in no count, and goes, without being noticed", () => {
    expect(book.setHidden(ann, true)).toEqual([]);
    expect(book.recordHeartbeat(ann, "phone", "online")).toBe("online");
    expect(book.enter(ann, ROOM)).toBe(false);
    expect(book.enter(bob, ROOM)).toBe(true);
    expect(book.roster(ROOM).map(({ id }) => id)).toEqual(["bob"]);
    expect([book.onlineCount(ROOM), book.onlineIn([ROOM]), book.occupiedSlotsIn([ROOM])]).toEqual([1, 1, 2]);
    expect(book.isIn("ann", [ROOM])).toBe(true);
    clock.advance(120_000);
    expect([...book.takeChanges(), ...book.takeUnpersisted()].map(({ id }) => id)).not.toContain("ann");
    expect(book.leave("ann", ROOM)).toBe(false);
  });

  it("is told to be gone when they hide, and to be here when they show themselves, once", () => {
    book.recordHeartbeat(ann, "phone", "online");
    book.enter(ann, ROOM);
    book.takeChanges();
    expect(book.setHidden(ann, true)).toEqual([ROOM]);
    expect(book.setHidden(ann, true)).toEqual([]);
    expect(book.takeChanges()).toMatchObject([{ id: "ann", status: "offline", roomIds: [ROOM] }]);
    expect(book.setHidden(ann, false)).toEqual([ROOM]);
    expect(book.takeChanges()).toMatchObject([{ id: "ann", status: "online" }]);
    expect(book.onlineCount(ROOM)).toBe(1);
  });

  it("is forgotten like anybody when gone, and is seen who comes back without the wish", () => {
    book.setHidden(ann, true);
    book.takeChanges();
    expect(book.isHidden("ann")).toBe(false);
    book.recordHeartbeat(ann, "phone", "online");
    expect(book.takeChanges()).toMatchObject([{ id: "ann", status: "online" }]);
  });
});
