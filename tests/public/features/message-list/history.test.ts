import { describe, expect, it } from "vitest";
import {
  historyAround,
  joinedWith,
  meets,
  withChanges,
  withNewer,
  withOlder,
} from "../../../../public/src/features/message-list/history.ts";
import { emptyLog } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { liveMessage } from "../../../support/texts/live-message.ts";

const message = (seq: number, changedSeq = seq): LiveMessageDto => liveMessage({ seq, changedSeq, text: `${changedSeq}` });
const newestFirst = (from: number, to: number): LiveMessageDto[] => Array.from({ length: to - from + 1 }, (_, at) => message(to - at));
const seqs = (items: readonly MessageDto[]): number[] => items.map((one) => one.seq);
const present = { ...emptyLog, epoch: "e", head: 1_000, floor: 950, items: newestFirst(950, 1_000).reverse() };

describe("viewing older messages of a room", () => {
  it("starts around a message, and returns null if there are no messages", () => {
    const past = historyAround({ items: newestFirst(100, 104), hasMore: true });
    expect([past?.floor, past?.ceiling, seqs(past?.items ?? [])]).toEqual([100, 104, [100, 101, 102, 103, 104]]);
    expect(historyAround({ items: newestFirst(1, 3), hasMore: false })?.floor).toBe(0);
    expect(historyAround({ items: [], hasMore: false })).toBeNull();
  });

  it("extends in both directions, and merges with the live list once it overlaps", () => {
    const around = historyAround({ items: newestFirst(100, 104), hasMore: true });
    if (!around) throw new Error("nothing");
    const older = withOlder(around, { items: newestFirst(97, 99), hasMore: true });
    expect([older.floor, seqs(older.items).at(0)]).toEqual([97, 97]);
    expect(withOlder(older, { items: [], hasMore: false }).floor).toBe(0);
    expect(meets(older, present)).toBe(false);
    const newer = withNewer(older, { items: newestFirst(105, 960), hasMore: true });
    expect(meets(newer, present)).toBe(true);
    const one = joinedWith(newer, present);
    expect([one.floor, one.head, one.items.length]).toEqual([97, 1_000, 904]);
    expect(seqs(one.items)).toEqual([...new Set(seqs(one.items))].sort((a, b) => a - b));
  });

  it("applies edits and deletions, and ignores messages outside its range", () => {
    const past = historyAround({ items: newestFirst(100, 104), hasMore: true });
    if (!past) throw new Error("nothing");
    const gone: MessageDto = { id: "m101", roomId: "r", seq: 101, changedSeq: 1_001, deletedAt: "2026-01-01T00:00:00.000Z" };
    const changed = withChanges(past, [message(102, 1_002), gone, message(1_003), message(50, 1_004)]);
    expect(changed.items.map((one) => one.changedSeq)).toEqual([100, 1_001, 1_002, 103, 104]);
    expect(withChanges(past, [message(1_003)])).toBe(past);
  });
});
