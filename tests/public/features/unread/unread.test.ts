import { beforeEach, describe, expect, it } from "vitest";
import { changeReading, countOf, hasUnread, readings, unreadOf } from "../../../../public/src/features/unread/unread.ts";

const room = { id: "r" };

beforeEach(() => {
  readings.value = new Map();
});

describe("what a room shows of its news", () => {
  it("is nothing in a room one has never been in", () => {
    expect([hasUnread(room), countOf("r")]).toEqual([false, 0]);
  });

  it("is a mark for every message, and a number for those that name one", () => {
    changeReading("r", { unreadCount: 3 });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: true, count: 0 }, 3]);
    changeReading("r", { mentionCount: 2 });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: true, count: 2 }, 3]);
  });

  it("is mentions alone where that was chosen, and nothing where nothing was", () => {
    changeReading("r", { unreadCount: 3, mentionCount: 0, level: "mentions" });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: false, count: 0 }, 0]);
    changeReading("r", { mentionCount: 1 });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: true, count: 1 }, 1]);
    changeReading("r", { level: "mute" });
    expect([unreadOf("r"), countOf("r")]).toEqual([{ hasNews: false, count: 0 }, 0]);
  });
});
