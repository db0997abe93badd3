import { beforeEach, describe, expect, it } from "vitest";
import { createTyping, type Typing } from "../../../services/presence/typing.ts";
import type { Publisher } from "../../../services/realtime/publisher.ts";
import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";
import { stoppedClock } from "../../support/clock.ts";

const ROOM = "room";
const author = (id: string): AuthorDto => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" });
const ann = author("ann");
const bob = author("bob");

let clock: ReturnType<typeof stoppedClock>;

beforeEach(() => {
  clock = stoppedClock();
});

describe("typing indicators", () => {
  let published: [string, string[]][];
  let typing: Typing;
  let onlineCount = 2;

  beforeEach(() => {
    published = [];
    const publish = {
      userTyping: ({ roomId, users }: ServerEventPayload<"user_typing">) => void published.push([roomId, users.map(({ id }) => id)]),
    } as unknown as Publisher;
    typing = createTyping(publish, { onlineCount: () => onlineCount }, clock.now);
  });

  it("are published together, expire after 6 s, and are extended by repeating the command", () => {
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
    expect(published).toEqual([
      [ROOM, ["ann", "bob"]],
      [ROOM, ["bob"]],
      [ROOM, []],
    ]);
  });

  it("end when the client stops them, and are not published in a room without any", () => {
    typing.start(ROOM, ann, null);
    typing.flush();
    typing.stop(ROOM, "ann");
    typing.stop(ROOM, "ann");
    typing.stop("never written in", "ann");
    typing.flush();
    expect(published).toEqual([
      [ROOM, ["ann"]],
      [ROOM, []],
    ]);
  });

  it("are published less often in a large room, and not later than they expire", () => {
    onlineCount = 2_000;
    for (let turn = 0; turn < 24; turn += 1) {
      typing.start(ROOM, author(`one ${turn}`), null);
      typing.flush();
    }
    expect(published).toHaveLength(2);
    onlineCount = 1_000_000;
    typing.start(ROOM, author("the last"), null);
    for (let turn = 0; turn < 12; turn += 1) typing.flush();
    expect(published).toHaveLength(3);
    onlineCount = 2;
  });

  it("name at most ten users", () => {
    for (let place = 0; place < 30; place += 1) typing.start(ROOM, author(`one ${place}`), null);
    typing.flush();
    expect(published[0]?.[1]).toHaveLength(10);
  });
});
