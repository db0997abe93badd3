import { describe, expect, it } from "vitest";
import { changesOutside, isLive, lastOf, type MessageList, merged, renamed } from "../../../../utils/client/rooms/message-list.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { LiveMessageDto, MessageDto, ReplyToDto } from "../../../../utils/contract/schemas/messages.ts";
import { excerptOf } from "../../../../utils/contract/text/excerpt.ts";
import { liveMessage } from "../../../support/texts/live-message.ts";

const ROOM = "0190b6a0-0000-7000-8000-000000000001";
const ANN = { id: "ann", displayName: "Ann", avatarUrl: null, kind: "member", role: "member" } as const;
const BEN = { ...ANN, id: "ben", displayName: "Ben" } as const;
const ALL = { floor: 0 };

const message = (seq: number, over: Partial<LiveMessageDto> = {}): LiveMessageDto =>
  liveMessage({ seq, roomId: ROOM, author: ANN, ...over });

const tombstone = (seq: number, changedSeq: number): MessageDto => ({
  id: `m${seq}`,
  roomId: ROOM,
  seq,
  changedSeq,
  deletedAt: "2026-01-01T00:00:00.000Z",
});

const shows = (parent: number, excerpt: string | null, authorName: string | null = "Ann"): ReplyToDto => ({
  id: `m${parent}`,
  seq: parent,
  authorName: excerpt === null ? null : authorName,
  excerpt,
});

const reply = (seq: number, parent: number, over: Partial<LiveMessageDto> = {}): LiveMessageDto =>
  message(seq, { author: BEN, replyTo: shows(parent, `text ${parent}`), ...over });

const repliesIn = (list: MessageList): (ReplyToDto | null)[] => list.filter(isLive).flatMap(({ replyTo }) => (replyTo ? [replyTo] : []));

describe("replies in a message list", () => {
  const list = merged([], [message(1), reply(2, 1), message(3), reply(4, 1), reply(5, 3)], ALL);

  it("show the new text of an edited parent, and keep their own sequence numbers", () => {
    const next = merged(list, [message(1, { changedSeq: 6, text: "edited" })], ALL);
    expect(repliesIn(next)).toEqual([shows(1, "edited"), shows(1, "edited"), shows(3, "text 3")]);
    expect(next.map(({ changedSeq }) => changedSeq)).toEqual([6, 2, 3, 4, 5]);
    expect(repliesIn(list)[0]).toEqual(shows(1, "text 1"));
  });

  it("show the same excerpt of a long text as the server", () => {
    const text = "👩🏽‍🚀".repeat(100) + "x".repeat(300);
    expect(repliesIn(merged(list, [message(1, { changedSeq: 6, text })], ALL))[0]?.excerpt).toBe(excerptOf(text));
  });

  it("show no name and no excerpt of a deleted parent", () => {
    expect(repliesIn(merged(list, [tombstone(1, 6)], ALL))).toEqual([shows(1, null), shows(1, null), shows(3, "text 3")]);
  });

  it("show the change of a parent below the window, without adding it to the list", () => {
    const late = merged([], [message(51), reply(52, 3)], { floor: 51 });
    const next = merged(late, [message(3, { changedSeq: 53, text: "edited" })], { floor: 51 });
    expect(next.map(({ seq }) => seq)).toEqual([51, 52]);
    expect(repliesIn(next)).toEqual([shows(3, "edited")]);
  });

  it("never return to an older state of a parent, whether it is in the window or not", () => {
    for (const floor of [0, 2]) {
      const held = floor === 0 ? list : merged([], [reply(2, 1)], { floor });
      const deleted = merged(held, [tombstone(1, 7)], { floor });
      expect(merged(deleted, [message(1, { changedSeq: 6, text: "edited" })], { floor })).toBe(deleted);
    }
  });

  it("show the newest known state of the parent when they arrive with an older excerpt", () => {
    const edited = merged(list, [message(1, { changedSeq: 6, text: "edited" })], ALL);
    expect(repliesIn(merged(edited, [reply(7, 1)], ALL)).at(-1)).toEqual(shows(1, "edited"));
  });

  it("show the current name of the parent's author", () => {
    const anna = { ...ANN, displayName: "Anna" };
    expect(repliesIn(renamed(list, anna))).toEqual([shows(1, "text 1", "Anna"), shows(1, "text 1", "Anna"), shows(3, "text 3", "Anna")]);
    expect(renamed(list, BEN)).toBe(list);
    const outside = merged(merged([], [reply(52, 3)], { floor: 52 }), [message(3, { changedSeq: 53 })], { floor: 52 });
    expect(repliesIn(renamed(outside, anna))).toEqual([shows(3, "text 3", "Anna")]);
  });

  it("follow changes of their parent after the oldest messages were dropped", () => {
    const last = lastOf(list, 2);
    expect(repliesIn(merged(last, [tombstone(1, 6)], { floor: 4 }))).toEqual([shows(1, null), shows(3, "text 3")]);
  });
});

describe("a page of history that was read before a change and arrives after it", () => {
  it("does not restore the old state of a message or of a reply", () => {
    const newest = merged([], [message(51)], { floor: 51 });
    const changes = [message(3, { changedSeq: 52, text: "edited" }), tombstone(5, 53), message(9, { changedSeq: 54, text: "edited" })];
    const changed = merged(newest, changes, { floor: 51 });
    expect(changed).toBe(newest);
    expect(changesOutside(changed)).toEqual(changes);
    const older = merged(changed, [message(3), reply(4, 3), message(5), reply(6, 5), reply(8, 2)], { floor: 3 });
    expect(older.find(({ seq }) => seq === 3)).toMatchObject({ text: "edited" });
    expect(older.find(({ seq }) => seq === 5)).toEqual(tombstone(5, 53));
    expect(repliesIn(older)).toEqual([shows(3, "edited"), shows(5, null), shows(2, "text 2")]);
  });

  it("uses bounded memory: the newest 500 changes outside the window", () => {
    const newest = merged([], [message(2_001)], { floor: 2_001 });
    merged(
      newest,
      Array.from({ length: 2_000 }, (_, at) => tombstone(at + 1, 2_002 + at)),
      { floor: 2_001 },
    );
    expect(changesOutside(newest).map(({ seq }) => seq)).toEqual(Array.from({ length: 500 }, (_, at) => 1_501 + at));
  });
});

describe("an edit of a message with 2,000 replies among 20,000 messages", () => {
  it("visits only the replies", () => {
    let replies = 0;
    let others = 0;
    const counted = (one: LiveMessageDto): LiveMessageDto =>
      Object.defineProperty({ ...one }, "replyTo", {
        enumerable: true,
        get: () => {
          if (one.replyTo === null) others += 1;
          else replies += 1;
          return one.replyTo;
        },
      });
    const all = Array.from({ length: 20_000 }, (_, at) => counted(at % 10 === 1 ? reply(at + 1, 1) : message(at + 1)));
    const list = merged([], all, ALL);
    replies = 0;
    others = 0;
    const next = merged(list, [message(1, { changedSeq: 20_001, text: "edited" })], ALL);
    expect(others).toBe(0);
    expect(replies).toBeLessThanOrEqual(2_000 * 4);
    expect(repliesIn(next).filter((shown) => shown?.excerpt === "edited")).toHaveLength(2_000);
  });
});

describe("an excerpt", () => {
  it("has at most 140 graphemes, and an ellipsis if more follow", () => {
    expect(excerptOf("short")).toBe("short");
    expect(excerptOf("x".repeat(limits.excerptGraphemes))).toBe("x".repeat(limits.excerptGraphemes));
    expect(excerptOf("😀".repeat(141))).toBe(`${"😀".repeat(140)}…`);
  });

  it("of the whole text equals that of the first 400 code points, which the server reads", () => {
    for (const text of ["x".repeat(5_000), "👩🏽‍🚀".repeat(300), "e\u0301\u0316".repeat(200), `${"a".repeat(399)}😀😀`]) {
      expect(excerptOf([...text].slice(0, 400).join(""))).toBe(excerptOf(text));
      expect(excerptOf(text).isWellFormed()).toBe(true);
    }
  });
});
