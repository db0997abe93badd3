import { beforeEach, describe, expect, it } from "vitest";
import { createJoinLeaveBatcher, type JoinLeaveBatcher } from "../../../services/presence/join-leave-batcher.ts";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" });
const [ann, bob] = [author("ann"), author("bob")];

let clock: ReturnType<typeof stoppedClock>;
let book: PresenceRegistry;

beforeEach(() => {
  clock = stoppedClock();
  book = createPresenceRegistry(clock.now);
});

describe("comings and goings", () => {
  let told: unknown[];
  let visits: JoinLeaveBatcher;

  beforeEach(() => {
    told = [];
    const publish = {
      userJoined: ({ users, onlineCount }: ServerEventPayload<"user_joined">) =>
        told.push(["joined", users.map(({ id }) => id), onlineCount]),
      userLeft: ({ users, onlineCount }: ServerEventPayload<"user_left">) => told.push(["left", users.map(({ id }) => id), onlineCount]),
    } as unknown as Publisher;
    visits = createJoinLeaveBatcher(publish, book);
  });

  const come = (who: AuthorDto): void => {
    if (book.enter(who, ROOM)) visits.recordJoin(ROOM, who);
  };
  const go = (who: AuthorDto): void => {
    if (book.leave(who.id, ROOM)) visits.recordLeave(ROOM, who);
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
    ]);
  });

  it("of a crowd are told as often as before, however many come: what that costs does not grow with the square", () => {
    const toldTo = (size: number): number => {
      told = [];
      book = createPresenceRegistry(clock.now);
      visits = createJoinLeaveBatcher({ userJoined: () => told.push(1), userLeft: () => told.push(1) } as unknown as Publisher, book);
      for (let place = 0; place < size; place += 1) {
        come(author(`one ${place}`));
        // Ten come in every turn.
        if (place % 10 === 9) visits.flush();
      }
      return told.length;
    };
    // The frames of one telling are as many as there are people; so many tellings are made while that many come.
    const [few, many] = [toldTo(1_000), toldTo(2_000)];
    expect(many - few).toBeLessThanOrEqual(100 / 4);
    expect(toldTo(4_000) - many).toBeLessThanOrEqual(200 / 8);
  });
});
