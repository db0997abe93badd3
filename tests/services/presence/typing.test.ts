import { beforeEach, describe, expect, it } from "vitest";
import { createTyping, type Typing } from "../../../services/presence/typing.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" });
const [ann, bob] = [author("ann"), author("bob")];

let clock: ReturnType<typeof stoppedClock>;

beforeEach(() => {
  clock = stoppedClock();
});

describe("typing", () => {
  let told: [string, string[]][];
  let typing: Typing;
  let people = 2;

  beforeEach(() => {
    told = [];
    const publish = {
      userTyping: ({ roomId, users }: ServerEventPayload<"user_typing">) => void told.push([roomId, users.map(({ id }) => id)]),
    } as unknown as Publisher;
    typing = createTyping(publish, { onlineCount: () => people }, clock.now);
  });

  it("is told together, dies after 6 s, and is kept alive by saying so again", () => {
    typing.start(ROOM, ann, null);
    typing.start(ROOM, bob, null);
    typing.flush();
    clock.advance(4_000);
    typing.start(ROOM, bob, null);
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
    typing.start(ROOM, ann, null);
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

  it("is told less often in a crowd, and never later than its entries die", () => {
    people = 2_000;
    for (let turn = 0; turn < 24; turn += 1) {
      typing.start(ROOM, author(`one ${turn}`), null);
      typing.flush();
    }
    expect(told).toHaveLength(2);
    people = 1_000_000;
    typing.start(ROOM, author("the last"), null);
    for (let turn = 0; turn < 12; turn += 1) typing.flush();
    expect(told).toHaveLength(3);
    people = 2;
  });

  it("names ten at most", () => {
    for (let place = 0; place < 30; place += 1) typing.start(ROOM, author(`one ${place}`), null);
    typing.flush();
    expect(told[0]?.[1]).toHaveLength(10);
  });
});
