import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applyBatch,
  applyJoined,
  applyOlder,
  applyOwn,
  applySynced,
  type Batch,
  emptyLog,
  type RoomLog,
} from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto, MessageDto } from "../../../../utils/contract/schemas/messages.ts";
import type { JoinedDto } from "../../../../utils/contract/schemas/rooms.ts";
import { liveMessage } from "../../../support/texts/live-message.ts";

const ROOM = "0190b6a0-0000-7000-8000-000000000001";
const ANN = { id: "0190b6a0-0000-7000-8000-00000000000a", displayName: "Ann", avatarUrl: null, kind: "guest", role: "guest" } as const;

const message = (seq: number, changedSeq = seq, text = `text ${seq}`): LiveMessageDto =>
  liveMessage({ seq, changedSeq, roomId: ROOM, author: ANN, text });

const tombstone = (seq: number, changedSeq: number): MessageDto => ({
  id: `m${seq}`,
  roomId: ROOM,
  seq,
  changedSeq,
  deletedAt: "2026-01-01T00:00:00.000Z",
});

const batchOf = (fromSeq: number, toSeq: number, messages: MessageDto[], epoch = "e1"): Batch => ({
  roomId: ROOM,
  epoch,
  fromSeq,
  toSeq,
  messages,
});

const joined = (messages: MessageDto[], lastSeq: number, rest: Partial<JoinedDto> = {}): JoinedDto => ({
  room: {
    id: ROOM,
    kind: "language",
    loungeId: null,
    languageCode: "en",
    name: "English",
    topic: null,
    slowModeMs: 0,
    lastSeq,
    onlineCount: 1,
  },
  me: { canSend: true, mutedUntil: null, lastReadSeq: 0 },
  members: { onlineCount: 1, users: [] },
  messages,
  held: [],
  lastSeq,
  hasMore: false,
  epoch: "e1",
  isSnapshot: true,
  ...rest,
});

const seqs = (log: RoomLog): number[] => log.items.map((one) => one.seq);
const opened = (): RoomLog => applyJoined(emptyLog, joined([message(1), message(2)], 2));

describe("applying a batch of changes", () => {
  it("appends it if it begins where the list ends", () => {
    const step = applyBatch(opened(), batchOf(2, 3, [message(3)]));
    expect([seqs(step.log), step.log.head, step.next]).toEqual([[1, 2, 3], 3, "nothing"]);
  });

  it("ignores it if all of it is known", () => {
    const log = opened();
    expect(applyBatch(log, batchOf(0, 2, [message(1), message(2)]))).toEqual({ log, next: "nothing" });
  });

  it("merges it if it overlaps with known changes, each message once", () => {
    const step = applyBatch(opened(), batchOf(1, 3, [message(2), message(3)]));
    expect([seqs(step.log), step.log.head]).toEqual([[1, 2, 3], 3]);
  });

  it("requests a sync instead if changes before it are missing", () => {
    const log = opened();
    expect(applyBatch(log, batchOf(3, 4, [message(4)]))).toEqual({ log, next: "sync" });
  });

  it("of another epoch: changes nothing and requests a rejoin", () => {
    const log = opened();
    expect(applyBatch(log, batchOf(2, 3, [message(3)], "e2"))).toEqual({ log, next: "rejoin" });
  });

  it("replaces an edited message, and keeps a tombstone for a deleted one", () => {
    const step = applyBatch(opened(), batchOf(2, 4, [message(1, 3, "edited"), tombstone(2, 4)]));
    expect(step.log.items).toEqual([message(1, 3, "edited"), tombstone(2, 4)]);
  });

  it("about a message older than the list: adds no message and leaves no gap", () => {
    const log = applyJoined(emptyLog, joined([message(51), message(52)], 52, { hasMore: true }));
    expect(seqs(applyBatch(log, batchOf(52, 53, [message(3, 53, "edited")])).log)).toEqual([51, 52]);
  });
});

describe("joining a room", () => {
  it("with a snapshot: discards the previous messages, and remembers that older ones exist", () => {
    const log = applyJoined(opened(), joined([message(1_200), message(1_201)], 1_201, { hasMore: true }));
    expect([seqs(log), log.floor, log.head]).toEqual([[1_200, 1_201], 1_200, 1_201]);
  });

  it("again: adds only what was missed", () => {
    const log = applyJoined(opened(), joined([message(3), message(4)], 4, { isSnapshot: false }));
    expect([seqs(log), log.head]).toEqual([[1, 2, 3, 4], 4]);
  });

  it("after a restore from backup: replaces the list with the new history", () => {
    const log = applyJoined(opened(), joined([message(1, 1, "other")], 1, { epoch: "e2" }));
    expect([log.items, log.epoch, log.head]).toEqual([[message(1, 1, "other")], "e2", 1]);
  });
});

describe("adding older and own messages", () => {
  it("prepends older messages, and keeps the newer state of those already in the list", () => {
    const log = applyJoined(emptyLog, joined([message(51, 60, "edited"), message(52)], 60, { hasMore: true }));
    const older = applyOlder(log, [message(50), message(49)], true);
    expect([seqs(older), older.floor, older.head]).toEqual([[49, 50, 51, 52], 49, 60]);
    expect(applyOlder(older, [message(1)], false).floor).toBe(0);
  });

  it("does not move the head when an own message arrives with its ack", () => {
    const log = applyOwn(opened(), message(5));
    expect([seqs(log), log.head]).toEqual([[1, 2, 5], 2]);
    const step = applyBatch(log, batchOf(2, 5, [message(3), message(4), message(5)]));
    expect(seqs(step.log)).toEqual([1, 2, 3, 4, 5]);
  });
});

const EXCERPTS = { deleted: { authorName: null, excerpt: null }, of: (text: string) => ({ authorName: ANN.displayName, excerpt: text }) };

type ChangeKind = "new" | "reply" | "edit" | "delete";

/** Simulates the room on the server: a counter, and the state of every message. Replies show the state of their parent at read time. */
function history(changes: readonly { kind: ChangeKind; target: number }[]) {
  const states = new Map<number, MessageDto>();
  const parents = new Map<number, number>();
  const shown = (one: MessageDto): MessageDto => {
    const parent = states.get(parents.get(one.seq) ?? 0);
    if (one.deletedAt !== null || parent === undefined) return one;
    const replyTo = parent.deletedAt === null ? EXCERPTS.of(parent.text) : EXCERPTS.deleted;
    return { ...one, replyTo: { id: parent.id, seq: parent.seq, ...replyTo } };
  };
  const list = (): MessageDto[] => [...states.values()].map(shown).sort((a, b) => a.seq - b.seq);
  const sync = (afterSeq: number): MessageDto[] =>
    list()
      .filter((one) => one.changedSeq > afterSeq)
      .sort((a, b) => a.changedSeq - b.changedSeq);
  let last = 0;
  const steps: MessageDto[] = [];
  const change = ({ kind, target }: { kind: ChangeKind; target: number }): void => {
    last += 1;
    const known = [...states.keys()];
    const isNew = kind === "new" || kind === "reply" || known.length === 0;
    const picked = known[target % known.length] ?? last;
    const seq = isNew ? last : picked;
    if (kind === "reply" && picked !== seq) parents.set(seq, picked);
    const held = states.get(seq);
    const isGone = held !== undefined && held.deletedAt !== null;
    const next = isGone || kind === "delete" ? tombstone(seq, last) : message(seq, last, `state ${last}`);
    states.set(seq, next);
    steps.push(shown(next));
  };
  for (const one of changes) change(one);
  return { steps, sync, list, change, last: () => last };
}

const kindOf = fc.constantFrom<ChangeKind>("new", "new", "reply", "reply", "edit", "delete");
const changesOf = fc.array(fc.record({ kind: kindOf, target: fc.nat(50) }), { minLength: 1, maxLength: 40 });
const lineOf = fc.array(fc.record({ size: fc.integer({ min: 1, max: 5 }), isLost: fc.boolean(), isTwice: fc.boolean() }), {
  minLength: 40,
  maxLength: 40,
});

describe("with lost, repeated or reordered batches", () => {
  it("the list equals the server's after one sync_room, including the parents of replies", () => {
    fc.assert(
      fc.property(changesOf, lineOf, (changes, line) => {
        const server = history(changes);
        let log = applyJoined(emptyLog, joined([], 0));
        const take = (batch: Batch) => {
          const step = applyBatch(log, batch);
          log = step.log;
          if (step.next === "sync")
            log = applySynced(log, { messages: server.sync(log.head), lastSeq: changes.length, hasMore: false }).log;
        };
        let from = 0;
        for (const { size, isLost, isTwice } of line) {
          const to = Math.min(changes.length, from + size);
          if (to === from) break;
          const batch = batchOf(from, to, server.steps.slice(from, to));
          if (!isLost) take(batch);
          if (isTwice) take(batch);
          from = to;
        }
        log = applySynced(log, { messages: server.sync(log.head), lastSeq: changes.length, hasMore: false }).log;
        expect(log.head).toBe(changes.length);
        expect(log.items).toEqual(server.list());
      }),
    );
  });

  it("a window of the newest messages equals the server's although parents below it change, and so do pages that arrive late", () => {
    fc.assert(
      fc.property(changesOf, changesOf, fc.integer({ min: 1, max: 8 }), (before, after, size) => {
        const server = history(before);
        const newest = server.list().slice(-size);
        const hasMore = newest.length < server.list().length;
        let log = applyJoined(emptyLog, joined(newest, server.last(), { hasMore }));
        const { floor } = log;
        const page = server.list().filter((one): one is LiveMessageDto => one.seq < floor && one.deletedAt === null);
        for (const one of after) {
          server.change(one);
          const step = server.steps.at(-1);
          if (step) log = applyBatch(log, batchOf(server.last() - 1, server.last(), [step])).log;
        }
        expect(log.items).toEqual(server.list().filter((one) => one.seq >= floor));
        const all = applyOlder(log, page.reverse(), false);
        const wasDeleted = new Set(
          server.list().flatMap((one) => (one.seq < floor && !page.some(({ id }) => id === one.id) ? [one.id] : [])),
        );
        expect(all.items).toEqual(server.list().filter(({ id }) => !wasDeleted.has(id)));
      }),
    );
  });

  it("a long absence is synced in several pages", () => {
    const server = history(
      Array.from({ length: 25 }, (_, at) => ({ kind: at % 4 === 3 ? ("edit" as const) : ("new" as const), target: at })),
    );
    let step = { log: applyJoined(emptyLog, joined([], 0)), next: "sync" };
    for (let answers = 0; step.next === "sync"; answers += 1) {
      const rest = server.sync(step.log.head);
      step = applySynced(step.log, { messages: rest.slice(0, 6), lastSeq: 25, hasMore: rest.length > 6 });
      expect(answers).toBeLessThan(10);
    }
    expect(step.log.items).toEqual(server.list());
    expect(step.log.head).toBe(25);
  });

  it("a room whose counter is behind the list is rejoined", () => {
    const held = applyJoined(emptyLog, joined([message(1), message(2)], 2));
    expect(applySynced(held, { messages: [], lastSeq: 1, hasMore: false })).toEqual({ log: held, next: "rejoin" });
    expect(applySynced(held, { messages: [], lastSeq: 2, hasMore: false }).next).toBe("nothing");
  });
});
