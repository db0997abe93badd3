import { beforeEach, describe, expect, it } from "vitest";
import { createJoinLeaveBatcher, type JoinLeaveBatcher } from "../../../services/presence/join-leave-batcher.ts";
import { createPresenceRegistry, type PresenceRegistry } from "../../../services/presence/presence-registry.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

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

describe("the join/leave batcher", () => {
  let published: unknown[];
  let batcher: JoinLeaveBatcher;

  beforeEach(() => {
    published = [];
    const publish = {
      userJoined: ({ users, onlineCount }: ServerEventPayload<"user_joined">) =>
        published.push(["joined", users.map(({ id }) => id), onlineCount]),
      userLeft: ({ users, onlineCount }: ServerEventPayload<"user_left">) =>
        published.push(["left", users.map(({ id }) => id), onlineCount]),
    } as unknown as Publisher;
    batcher = createJoinLeaveBatcher(publish, registry);
  });

  const join = (who: AuthorDto): void => {
    if (registry.enter(who, ROOM)) batcher.recordJoin(ROOM, who);
  };
  const leave = (who: AuthorDto): void => {
    if (registry.leave(who.id, ROOM)) batcher.recordLeave(ROOM, who);
  };

  it("publishes joins and leaves of one interval together", () => {
    join(ann);
    join(bob);
    batcher.flush();
    leave(ann);
    batcher.flush();
    batcher.flush();
    expect(published).toEqual([
      ["joined", ["ann", "bob"], 2],
      ["left", ["ann"], 1],
    ]);
  });

  it("drops joins and leaves that cancel each other out within one interval", () => {
    join(ann);
    leave(ann);
    batcher.flush();
    join(bob);
    batcher.flush();
    leave(bob);
    join(bob);
    batcher.flush();
    expect(published).toEqual([["joined", ["bob"], 1]]);
  });

  it("publishes only the count in a room of more than 200", () => {
    for (let place = 0; place < 201; place += 1) join(author(`one ${place}`));
    batcher.flush();
    leave(author("one 0"));
    leave(author("one 1"));
    join(ann);
    join(bob);
    batcher.flush();
    expect(published).toEqual([
      ["joined", [], 201],
      ["joined", [], 201],
    ]);
  });

  it("publishes less often in a large room, so that its cost does not grow quadratically", () => {
    const publishedFor = (size: number): number => {
      published = [];
      registry = createPresenceRegistry(clock.now);
      batcher = createJoinLeaveBatcher(
        { userJoined: () => published.push(1), userLeft: () => published.push(1) } as unknown as Publisher,
        registry,
      );
      for (let place = 0; place < size; place += 1) {
        join(author(`one ${place}`));
        // Ten users join in every interval.
        if (place % 10 === 9) batcher.flush();
      }
      return published.length;
    };
    // An event is sent to every user in the room; these are the events published while that many users join.
    const few = publishedFor(1_000);
    const many = publishedFor(2_000);
    expect(many - few).toBeLessThanOrEqual(100 / 4);
    expect(publishedFor(4_000) - many).toBeLessThanOrEqual(200 / 8);
  });
});
