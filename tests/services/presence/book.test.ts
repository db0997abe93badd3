import { beforeEach, describe, expect, it } from "vitest";
import { createPresenceBook, type PresenceBook } from "../../../services/presence/book.ts";
import { createTyping, type Typing } from "../../../services/presence/typing.ts";
import { createVisits, type Visits } from "../../../services/presence/visits.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import type { FactPayload } from "../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../utils/contract/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const MINUTE = 60_000;
const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" });
const [ann, bob] = [author("ann"), author("bob")];

let clock: ReturnType<typeof stoppedClock>;
let book: PresenceBook;

beforeEach(() => {
  clock = stoppedClock();
  book = createPresenceBook(clock.now);
});

const changes = () => book.takeChanges().map(({ id, status }) => [id, status]);

describe("presence", () => {
  it("is online with a beat, away after 5 minutes of silence, offline after 10", () => {
    book.beat(ann, "phone", "online");
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
    expect(book.beat(ann, "phone", "away")).toBe("away");
    expect(changes()).toEqual([["ann", "away"]]);
    expect(book.beat(ann, "phone", "online")).toBe("online");
    expect(changes()).toEqual([["ann", "online"]]);
  });

  it("is that of the liveliest device", () => {
    book.beat(ann, "phone", "online");
    book.beat(ann, "desk", "away");
    expect(changes()).toEqual([["ann", "online"]]);
    book.drop("ann", "phone");
    expect(changes()).toEqual([["ann", "away"]]);
    clock.advance(9 * MINUTE);
    book.beat(ann, "phone", "online");
    expect(changes()).toEqual([["ann", "online"]]);
  });

  it("ends when the last device goes, and says when somebody was last seen", () => {
    book.beat(ann, "phone", "online");
    book.takeChanges();
    const seen = clock.now().toISOString();
    clock.advance(MINUTE);
    book.drop("ann", "phone");
    expect(book.takeChanges()).toEqual([{ id: "ann", status: "offline", lastSeenAt: seen, roomIds: [] }]);
    expect(book.takeChanges()).toEqual([]);
  });

  it("that does not change is written down again after a minute, as long as there are beats", () => {
    book.beat(ann, "phone", "online");
    book.takeChanges();
    clock.advance(MINUTE - 1);
    book.beat(ann, "phone", "online");
    expect(book.takeSeen()).toEqual([]);
    clock.advance(1);
    book.beat(ann, "phone", "online");
    expect(book.takeSeen()).toEqual([{ id: "ann", status: "online", lastSeenAt: clock.now().toISOString() }]);
    clock.advance(3 * MINUTE);
    expect(book.takeSeen()).toEqual([]);
  });

  it("tells a change once, with the rooms where it is seen", () => {
    book.beat(ann, "phone", "online");
    book.enter(ann, ROOM);
    book.enter(ann, "other");
    expect(book.takeChanges()).toMatchObject([{ roomIds: [ROOM, "other"] }]);
    expect(book.takeChanges()).toEqual([]);
  });

  it("of who came and went between two looks is never told", () => {
    book.beat(ann, "phone", "online");
    book.drop("ann", "phone");
    expect(book.takeChanges()).toEqual([]);
  });
});

describe("the people of a room", () => {
  it("count once however many devices they bring, until the last has left", () => {
    book.beat(ann, "phone", "online");
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
    book.beat(ann, "phone", "online");
    book.takeChanges();
    clock.advance(11 * MINUTE);
    book.takeChanges();
    expect(book.enter(ann, ROOM)).toBe(true);
    expect(book.onlineCount(ROOM)).toBe(1);
  });
});

describe("comings and goings", () => {
  let told: unknown[];
  let visits: Visits;

  beforeEach(() => {
    told = [];
    const publish = {
      userJoined: ({ users, onlineCount }: FactPayload<"user_joined">) => told.push(["joined", users.map(({ id }) => id), onlineCount]),
      userLeft: ({ users, onlineCount }: FactPayload<"user_left">) => told.push(["left", users.map(({ id }) => id), onlineCount]),
    } as unknown as Publisher;
    visits = createVisits(publish, book);
  });

  const come = (who: AuthorDto): void => {
    if (book.enter(who, ROOM)) visits.came(ROOM, who);
  };
  const go = (who: AuthorDto): void => {
    if (book.leave(who.id, ROOM)) visits.went(ROOM, who);
  };

  it("are told together", () => {
    come(ann);
    come(bob);
    visits.flush();
    go(ann);
    visits.flush();
    visits.flush();
    expect(told).toEqual([
      ["joined", ["ann", "bob"], 2],
      ["left", ["ann"], 1],
    ]);
  });

  it("cancel each other out between two tellings, in both directions", () => {
    come(ann);
    go(ann);
    visits.flush();
    come(bob);
    visits.flush();
    go(bob);
    come(bob);
    visits.flush();
    expect(told).toEqual([["joined", ["bob"], 1]]);
  });

  it("are only counted in a room of more than 200", () => {
    for (let place = 0; place < 201; place += 1) come(author(`one ${place}`));
    visits.flush();
    go(author("one 0"));
    go(author("one 1"));
    come(ann);
    come(bob);
    visits.flush();
    expect(told).toEqual([
      ["joined", [], 201],
      ["joined", [], 201],
      ["left", [], 201],
    ]);
  });
});

describe("typing", () => {
  let told: [string, string[]][];
  let typing: Typing;

  beforeEach(() => {
    told = [];
    const publish = {
      userTyping: ({ roomId, users }: FactPayload<"user_typing">) => void told.push([roomId, users.map(({ id }) => id)]),
    } as unknown as Publisher;
    typing = createTyping(publish, clock.now);
  });

  it("is told together, dies after 6 s, and is kept alive by saying so again", () => {
    typing.start(ROOM, ann);
    typing.start(ROOM, bob);
    typing.flush();
    clock.advance(4_000);
    typing.start(ROOM, bob);
    typing.flush();
    clock.advance(2_000);
    typing.flush();
    clock.advance(4_000);
    typing.flush();
    typing.flush();
    expect(told).toEqual([
      [ROOM, ["ann", "bob"]],
      [ROOM, ["bob"]],
      [ROOM, []],
    ]);
  });

  it("ends by one's own word, and of a room nobody writes in nothing is told", () => {
    typing.start(ROOM, ann);
    typing.flush();
    typing.stop(ROOM, "ann");
    typing.stop(ROOM, "ann");
    typing.stop("never written in", "ann");
    typing.flush();
    expect(told).toEqual([
      [ROOM, ["ann"]],
      [ROOM, []],
    ]);
  });

  it("names ten at most", () => {
    for (let place = 0; place < 30; place += 1) typing.start(ROOM, author(`one ${place}`));
    typing.flush();
    expect(told[0]?.[1]).toHaveLength(10);
  });
});
