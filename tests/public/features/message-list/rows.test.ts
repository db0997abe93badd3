import { describe, expect, it } from "vitest";
import {
  boundedSpan,
  earlierSpan,
  fuller,
  laterSpan,
  newestSpan,
  type Reader,
  rowsOf,
  type Span,
  withKnown,
} from "../../../../public/src/features/message-list/rows.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { liveMessage } from "../../../support/texts/live-message.ts";

const author = (id: string) => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" }) as const;

const at = (minutes: number): string => new Date(2026, 0, 15, 12, minutes).toISOString();

const message = (seq: number, who = "ann", createdAt = at(0)): LiveMessageDto =>
  liveMessage({ seq, author: author(who), text: "", createdAt });

const gone = (seq: number): MessageDto => ({ id: `m${seq}`, roomId: "r", seq, changedSeq: seq, deletedAt: at(0) });
const many = (count: number): LiveMessageDto[] => Array.from({ length: count }, (_, index) => message(index + 1));
const everything = { from: 0, to: Number.POSITIVE_INFINITY };
const nobody: Reader = { unreadAfter: null, myId: null, seen: () => undefined };

const shape = (items: readonly MessageDto[], reader: Partial<Reader> = {}): string[] =>
  rowsOf(items, everything, { ...nobody, ...reader }).map((row) => {
    if (row.kind === "message") return `${row.isHead ? "HEAD" : "more"} ${row.message.seq}`;
    return row.kind === "deleted" && row.who ? `${row.isHead ? "DELETED" : "deleted"} of ${row.who.id}` : row.kind;
  });

describe("rows of the message list", () => {
  it("group messages by one author within five minutes under one name", () => {
    expect(shape([message(1), message(2, "ann", at(4)), message(3, "ben", at(4)), message(4, "ann", at(5))])).toEqual([
      "day",
      "HEAD 1",
      "more 2",
      "HEAD 3",
      "HEAD 4",
    ]);
    expect(shape([message(1), message(2, "ann", at(5))])).toEqual(["day", "HEAD 1", "HEAD 2"]);
  });

  it("start every day with a date separator", () => {
    const tomorrow = new Date(2026, 0, 16, 0, 1).toISOString();
    expect(shape([message(1, "ann", at(0)), message(2, "ann", tomorrow)])).toEqual(["day", "HEAD 1", "day", "HEAD 2"]);
  });

  it("show the unread separator above the first message by another user, never above the reader's own", () => {
    const items = [message(1), message(2, "me"), message(3, "ben"), message(4, "ben")];
    expect(shape(items, { unreadAfter: 1, myId: "me" })).toEqual(["day", "HEAD 1", "HEAD 2", "unread", "HEAD 3", "more 4"]);
    expect(shape([message(1), message(2, "me")], { unreadAfter: 1, myId: "me" })).toEqual(["day", "HEAD 1", "HEAD 2"]);
    expect(shape(items, { unreadAfter: 4, myId: "me" })).not.toContain("unread");
  });

  it("show the unread separator below a date separator, never above it", () => {
    expect(shape([message(1, "ben")], { unreadAfter: 0, myId: "me" })).toEqual(["day", "unread", "HEAD 1"]);
    const tomorrow = new Date(2026, 0, 16, 0, 1).toISOString();
    expect(shape([message(1, "ben"), message(2, "ben", tomorrow)], { unreadAfter: 1, myId: "me" })).toEqual([
      "day",
      "HEAD 1",
      "day",
      "unread",
      "HEAD 2",
    ]);
  });

  it("show a placeholder where a message was deleted", () => {
    expect(shape([message(1), gone(2), message(3)])).toEqual(["day", "HEAD 1", "deleted", "HEAD 3"]);
  });

  it("keep a deleted message under its author if it was visible before, and never under another author", () => {
    const items = [message(1, "ann"), gone(2), gone(3), message(4, "ben"), message(5, "ann")];
    const seen = (id: string): LiveMessageDto | undefined => [message(2, "ben"), message(3, "ben")].find((one) => one.id === id);
    expect(shape(items, { seen })).toEqual(["day", "HEAD 1", "DELETED of ben", "deleted of ben", "more 4", "HEAD 5"]);
  });
});

describe("recomputing rows", () => {
  it("keeps the row objects of unchanged messages", () => {
    const first = message(1);
    const second = message(2);
    const third = message(3, "ben");
    const before = rowsOf([first, second], everything, nobody);
    const same = withKnown(rowsOf([first, second], everything, nobody), before);
    expect(same.every((row, at) => row === before[at])).toBe(true);
    const edited = { ...second, text: "other words" };
    const after = withKnown(rowsOf([first, edited, third], everything, nobody), before);
    expect(after.map((row) => before.includes(row))).toEqual([true, true, false, false]);
  });

  it("creates a new row if a name now appears above a message", () => {
    const first = message(1);
    const second = message(2);
    const before = rowsOf([first, second], everything, nobody);
    const [, only] = withKnown(rowsOf([second], everything, nobody), before);
    expect(before).not.toContain(only);
  });
});

describe("span of rendered rows", () => {
  const items = many(10_000);
  const size = (span: { from: number; to: number }): number => rowsOf(items, span, nobody).filter((row) => row.kind === "message").length;

  it("starts with one screen of the newest messages and is filled step by step", () => {
    const steps: Span[] = [];
    for (let span: Span | null = newestSpan(items); span; span = fuller(items, span)) steps.push(span);
    expect(steps.map(({ to }) => to)).toEqual(steps.map(() => Number.POSITIVE_INFINITY));
    expect(steps.map(size)).toEqual(Array.from({ length: 13 }, (_, step) => 24 + step * 8));
  });

  it("is not filled beyond the first message, nor while the user views older messages", () => {
    const few = many(30);
    expect(fuller(few, newestSpan(few))).toEqual({ from: 1, to: Number.POSITIVE_INFINITY });
    expect(fuller(few, { from: 1, to: Number.POSITIVE_INFINITY })).toBeNull();
    expect(fuller(items, { from: 5_000, to: 5_020 })).toBeNull();
  });

  it("moves to the beginning and back without exceeding 300 rows or skipping one", () => {
    const seen = new Set<number>();
    let span = newestSpan(items);
    for (let next: typeof span | null = span; next; next = earlierSpan(items, span)) {
      span = next;
      expect(size(span)).toBeLessThanOrEqual(300);
      for (const row of rowsOf(items, span, nobody)) if (row.kind === "message") seen.add(row.message.seq);
    }
    expect(seen.size).toBe(items.length);
    expect(span.from).toBe(1);
    for (let next: typeof span | null = span; next; next = laterSpan(items, span)) span = next;
    expect(span.to).toBe(Number.POSITIVE_INFINITY);
    expect(size(span)).toBeLessThanOrEqual(300);
  });

  it("stays bounded while messages arrive: drops the oldest rows at the end of the list, and delays new rows further up", () => {
    const open = { from: 9_000, to: Number.POSITIVE_INFINITY };
    expect(boundedSpan(items, open, true)).toEqual({ from: 9_761, to: Number.POSITIVE_INFINITY });
    expect(boundedSpan([...items, message(10_001)], open, true)).toEqual({ from: 9_762, to: Number.POSITIVE_INFINITY });
    const above = boundedSpan(items, open, false);
    expect(above.from).toBe(9_000);
    expect(size(above)).toBeLessThanOrEqual(300);
    expect(above.to).toBeLessThan(10_000);
  });

  it("covers all of a short room, also after older messages are prepended", () => {
    const few = many(5);
    expect(newestSpan(few)).toEqual({ from: 1, to: Number.POSITIVE_INFINITY });
    expect(earlierSpan([message(0), ...few], newestSpan(few))).toEqual({ from: 0, to: Number.POSITIVE_INFINITY });
  });
});
