import { describe, expect, it } from "vitest";
import { boundedSpan, earlierSpan, laterSpan, newestSpan, rowsOf } from "../../public/src/state/rows.ts";
import type { LiveMessageDto, MessageDto } from "../../utils/contract/messages.ts";

const author = (id: string) => ({ id, displayName: id, avatarUrl: null, kind: "guest", role: "guest" }) as const;

const at = (minutes: number): string => new Date(2026, 0, 15, 12, minutes).toISOString();

const message = (seq: number, who = "ann", createdAt = at(0)): LiveMessageDto => ({
  ...{ id: `m${seq}`, roomId: "r", seq, changedSeq: seq, clientMessageId: `c${seq}`, author: author(who), text: "", languageCode: null },
  ...{
    replyTo: null,
    attachments: [],
    reactions: [],
    mentions: [],
    pinnedAt: null,
    moderation: "approved",
    createdAt,
    editedAt: null,
    deletedAt: null,
  },
});

const gone = (seq: number): MessageDto => ({ id: `m${seq}`, roomId: "r", seq, changedSeq: seq, deletedAt: at(0) });
const many = (count: number): LiveMessageDto[] => Array.from({ length: count }, (_, index) => message(index + 1));
const everything = { from: 0, to: Number.POSITIVE_INFINITY };
const nobody = { unreadAfter: null, myId: null };

const shape = (items: readonly MessageDto[], reader: { unreadAfter: number | null; myId: string | null } = nobody): string[] =>
  rowsOf(items, everything, reader).map((row) =>
    row.kind === "message" ? (row.isHead ? `HEAD ${row.message.seq}` : `more ${row.message.seq}`) : row.kind,
  );

describe("the rows", () => {
  it("gather what one person wrote within five minutes under one name", () => {
    expect(shape([message(1), message(2, "ann", at(4)), message(3, "ben", at(4)), message(4, "ann", at(5))])).toEqual([
      "day",
      "HEAD 1",
      "more 2",
      "HEAD 3",
      "HEAD 4",
    ]);
    expect(shape([message(1), message(2, "ann", at(5))])).toEqual(["day", "HEAD 1", "HEAD 2"]);
  });

  it("begin every day with its date", () => {
    const tomorrow = new Date(2026, 0, 16, 0, 1).toISOString();
    expect(shape([message(1, "ann", at(0)), message(2, "ann", tomorrow)])).toEqual(["day", "HEAD 1", "day", "HEAD 2"]);
  });

  it("show the unread line above the first message of somebody else, and never above one's own", () => {
    const items = [message(1), message(2, "me"), message(3, "ben"), message(4, "ben")];
    expect(shape(items, { unreadAfter: 1, myId: "me" })).toEqual(["day", "HEAD 1", "HEAD 2", "unread", "HEAD 3", "more 4"]);
    expect(shape([message(1), message(2, "me")], { unreadAfter: 1, myId: "me" })).toEqual(["day", "HEAD 1", "HEAD 2"]);
    expect(shape(items, { unreadAfter: 4, myId: "me" })).not.toContain("unread");
  });

  it("leave a quiet line where a message was deleted", () => {
    expect(shape([message(1), gone(2), message(3)])).toEqual(["day", "HEAD 1", "deleted", "HEAD 3"]);
  });
});

describe("the span of rows in the document", () => {
  const items = many(10_000);
  const size = (span: { from: number; to: number }): number => rowsOf(items, span, nobody).filter((row) => row.kind === "message").length;

  it("begins at the newest and is small", () => {
    expect(newestSpan(items).to).toBe(Number.POSITIVE_INFINITY);
    expect(size(newestSpan(items))).toBeLessThanOrEqual(150);
  });

  it("walks to the beginning and back without ever growing beyond 300 rows or leaving one out", () => {
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

  it("stays bounded while messages come: at the end the oldest go, further up the newest wait", () => {
    const open = { from: 9_000, to: Number.POSITIVE_INFINITY };
    expect(boundedSpan(items, open, true)).toEqual(newestSpan(items));
    const above = boundedSpan(items, open, false);
    expect(above.from).toBe(9_000);
    expect(size(above)).toBeLessThanOrEqual(300);
    expect(above.to).toBeLessThan(10_000);
  });

  it("shows all of a short room, also after older messages came", () => {
    const few = many(5);
    expect(newestSpan(few)).toEqual({ from: 1, to: Number.POSITIVE_INFINITY });
    expect(earlierSpan([message(0), ...few], newestSpan(few))).toEqual({ from: 0, to: Number.POSITIVE_INFINITY });
  });
});
