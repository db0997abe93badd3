import { beforeEach, describe, expect, it } from "vitest";
import { changeReading, countOf, hasUnread, readings, unreadOf } from "../../../../public/src/features/unread/unread.ts";

const room = { id: "r" };

beforeEach(() => {
  readings.value = new Map();
});

describe("unread badge of a room", () => {
  it("is empty for a room the user has never visited", () => {
    expect([hasUnread(room), countOf("r")]).toEqual([false, 0]);
  });

  it("is a dot for unread messages, and a number for mentions", () => {
    changeReading("r", { unreadCount: 3 });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: true, count: 0 }, 3]);
    changeReading("r", { mentionCount: 2 });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: true, count: 2 }, 3]);
  });

  it('counts only mentions at the level "mentions", and is empty at the level "mute"', () => {
    changeReading("r", { unreadCount: 3, mentionCount: 0, level: "mentions" });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: false, count: 0 }, 0]);
    changeReading("r", { mentionCount: 1 });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: true, count: 1 }, 1]);
    changeReading("r", { level: "mute" });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: false, count: 0 }, 0]);
  });
});
