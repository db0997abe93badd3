import { describe, expect, it } from "vitest";
import { check, type Rule } from "./checker.ts";
import type { Change, Entry, Evidence, History, Row, Seen } from "./history.ts";

const ROOM = "room";
const EPOCH = "epoch";

const state = (id: string, seq: number, changedSeq: number, text: string | null, reactions: string[] = []): Seen => ({
  id,
  seq,
  changedSeq,
  text,
  reactions,
  replyTo: null,
});

const hello = state("m1", 1, 1, "hello");
const hi = state("m2", 2, 2, "hi");
const edited = state("m1", 1, 3, "hello!");
const liked = state("m2", 2, 4, "hi", ["👍 ann"]);
const third = state("m3", 3, 5, "third");
const gone = state("m3", 3, 6, null);

const send = (text: string, key: string) => ({ name: "send" as const, roomId: ROOM, clientMessageId: key, text });
const batch = (at: number, fromSeq: number, messages: Seen[], line = 1): Entry => ({
  kind: "told",
  at,
  line,
  roomId: ROOM,
  epoch: EPOCH,
  fromSeq,
  toSeq: fromSeq + messages.length,
  messages,
});
const joined = (at: number, lastSeq: number, messages: Seen[], line = 1): Entry => ({
  kind: "joined",
  askedAt: at - 1,
  at,
  line,
  roomId: ROOM,
  epoch: EPOCH,
  isSnapshot: lastSeq === 0,
  lastSeq,
  hasMore: false,
  messages,
});

/** Ann sends hello, edits it, and reacts to Ben's hi. */
const ann: Entry[] = [
  joined(1, 0, []),
  { kind: "invoke", at: 10, op: 1, command: send("hello", "k1") },
  batch(11, 0, [hello]),
  { kind: "ok", at: 12, op: 1, message: hello },
  batch(22, 1, [hi]),
  { kind: "invoke", at: 30, op: 2, command: { name: "edit", messageId: "m1", text: "hello!" } },
  { kind: "ok", at: 32, op: 2, message: edited },
  batch(33, 2, [edited]),
  { kind: "invoke", at: 40, op: 3, command: { name: "react", messageId: "m2", emoji: "👍", isOn: true } },
  batch(41, 3, [liked]),
  { kind: "ok", at: 42, op: 3, message: liked },
  batch(52, 4, [third]),
  batch(62, 5, [gone]),
];

/** Ben sends hi, loses his connection, repeats a message whose ack he never received, and deletes it. */
const ben: Entry[] = [
  joined(2, 0, []),
  batch(11, 0, [hello]),
  { kind: "invoke", at: 20, op: 1, command: send("hi", "k2") },
  batch(21, 1, [hi]),
  { kind: "ok", at: 23, op: 1, message: hi },
  { kind: "invoke", at: 50, op: 2, command: send("third", "k3") },
  { kind: "unknown", at: 53, op: 2 },
  joined(55, 5, [edited, liked, third], 2),
  { kind: "invoke", at: 56, op: 3, command: send("third", "k3") },
  { kind: "ok", at: 57, op: 3, message: third },
  { kind: "invoke", at: 60, op: 4, command: { name: "delete", messageId: "m3" } },
  { kind: "ok", at: 61, op: 4, message: gone },
  batch(62, 5, [gone], 2),
];

const row = (seen: Seen, authorId: string, clientMessageId: string): Row => ({ ...seen, roomId: ROOM, authorId, clientMessageId });
const changes: Change[] = [hello, hi, edited, liked, third, gone].map((one) => ({ ...one, roomId: ROOM }));

type Parts = { ann?: Entry[]; ben?: Entry[]; rows?: Row[]; changes?: Change[]; lastSeq?: number };

const rows: Row[] = [row(edited, "ann", "k1"), row(liked, "ben", "k2"), row(gone, "ben", "k3")];

function evidence(parts: Parts = {}): Evidence {
  const histories: History[] = [
    { client: "Ann", userId: "ann", entries: parts.ann ?? ann },
    { client: "Ben", userId: "ben", entries: parts.ben ?? ben },
  ];
  return { histories, rooms: [{ id: ROOM, lastSeq: parts.lastSeq ?? 6 }], rows: parts.rows ?? rows, changes: parts.changes ?? changes };
}

const rulesBroken = (parts: Parts): Rule[] => [...new Set(check(evidence(parts)).map((fault) => fault.rule))];
const without = <Item>(items: readonly Item[], ...gone: readonly Item[]): Item[] => items.filter((item) => !gone.includes(item));
const swap = <Item>(items: readonly Item[], at: number, item: Item): Item[] => items.map((one, place) => (place === at ? item : one));

describe("the consistency checker", () => {
  it("reports nothing for a run that kept every guarantee", () => {
    expect(check(evidence())).toEqual([]);
  });

  it("allows a client that joined late to have never received deleted messages", () => {
    const late = { ...joined(65, 6, [edited, liked], 1), isSnapshot: true } as Entry;
    expect(check({ ...evidence(), histories: [...evidence().histories, { client: "Cid", userId: "cid", entries: [late] }] })).toEqual([]);
  });

  it("allows both outcomes of commands whose result is unknown", () => {
    const unsure: Entry[] = [
      ...ann,
      { kind: "invoke", at: 70, op: 9, command: send("lost?", "k9") },
      { kind: "invoke", at: 71, op: 10, command: { name: "edit", messageId: "m1", text: "lost!" } },
      { kind: "refused", at: 72, op: 10, code: "unavailable" },
    ];
    expect(check(evidence({ ann: unsure }))).toEqual([]);
    const late = state("m1", 1, 7, "lost!");
    const lastBatch = batch(80, 6, [late]);
    const parts = { ann: [...unsure, lastBatch], ben: [...ben, { ...lastBatch, line: 2 } as Entry], lastSeq: 7 };
    expect(
      check(evidence({ ...parts, rows: swap(rows, 0, row(late, "ann", "k1")), changes: [...changes, { ...late, roomId: ROOM }] })),
    ).toEqual([]);
  });

  it.each<[string, Rule, Parts]>([
    ["a lost message", "an acknowledged message is there", { rows: rows.slice(1) }],
    ["a message under another id", "an acknowledged message is there", { rows: swap(rows, 1, row({ ...liked, id: "m9" }, "ben", "k2")) }],
    ["a message that is there twice", "each message once", { rows: [...rows, row(state("m4", 4, 7, "third"), "ben", "k3")] }],
    ["a phantom", "nobody is made to say what they did not say", { rows: [...rows, row(state("m4", 4, 7, "boo"), "ben", "k4")] }],
    [
      "words put into a mouth",
      "nobody is made to say what they did not say",
      { changes: swap(changes, 1, { ...hi, text: "ho", roomId: ROOM }) },
    ],
    [
      "a refused message that is there",
      "nobody is made to say what they did not say",
      {
        ann: swap(ann, 3, { kind: "refused", at: 12, op: 1, code: "muted" }),
      },
    ],
    ["a number that is missing", "every number once, in order, without a gap", { changes: without(changes, changes[3] as Change) }],
    ["a number that is there twice", "every number once, in order, without a gap", { changes: [...changes, changes[5] as Change] }],
    [
      "two numbers the wrong way round",
      "every number once, in order, without a gap",
      {
        changes: [changes[1], changes[0], ...changes.slice(2)] as Change[],
      },
    ],
    ["a counter that ran ahead", "every number once, in order, without a gap", { lastSeq: 7 }],
    [
      "a change without a number",
      "every number once, in order, without a gap",
      { rows: swap(rows, 0, row({ ...edited, text: "hm" }, "ann", "k1")) },
    ],
    [
      "a batch of what was never committed",
      "nothing is told that was not committed",
      { ann: swap(ann, 4, batch(22, 1, [{ ...hi, text: "ha" }])) },
    ],
    [
      "a message told before it was committed, and then numbered otherwise",
      "nothing is told that was not committed",
      {
        ben: swap(ben, 3, batch(21, 1, [{ ...third, seq: 2, changedSeq: 2 }])),
      },
    ],
    [
      "an ack of what was never committed",
      "nothing is told that was not committed",
      {
        ann: swap(ann, 10, { kind: "ok", at: 42, op: 3, message: { ...liked, reactions: [] } }),
      },
    ],
    ["a batch that comes twice", "batches come in order", { ann: [...ann, batch(63, 5, [gone])] }],
    ["batches the wrong way round", "batches come in order", { ann: [...ann.slice(0, 4), batch(21, 2, [edited]), ...ann.slice(4)] }],
    ["a batch that spans nothing", "batches come in order", { ann: [...ann, { ...batch(63, 6, []), toSeq: 6 } as Entry] }],
    ["messages the wrong way round in a batch", "batches come in order", { ann: [...ann.slice(0, 11), batch(62, 4, [gone, third])] }],
    [
      "a later message with a lower number",
      "what came before has the lower number",
      {
        ben: swap(swap(ben, 2, { kind: "invoke", at: 3, op: 1, command: send("hi", "k2") }), 4, { kind: "ok", at: 5, op: 1, message: hi }),
      },
    ],
    ["an answer from the past", "an answer knows what was acknowledged before", { ben: swap(ben, 7, joined(55, 3, [edited], 2)) }],
    ["an acknowledged edit that is gone", "an acknowledged change stays", { rows: swap(rows, 0, row(hello, "ann", "k1")) }],
    ["an acknowledged deletion that is undone", "an acknowledged change stays", { rows: swap(rows, 2, row(third, "ben", "k3")) }],
    ["a deletion by nobody", "an acknowledged change stays", { ben: ben.slice(0, 10).concat(ben.slice(12)) }],
    [
      "an acknowledged reaction that is gone",
      "an acknowledged change stays",
      { rows: swap(rows, 1, row({ ...liked, reactions: [] }, "ben", "k2")) },
    ],
    [
      "a reaction nobody gave",
      "an acknowledged change stays",
      {
        rows: swap(rows, 1, row({ ...liked, reactions: ["👍 ann", "👍 ben"] }, "ben", "k2")),
      },
    ],
    ["a silent gap", "every list is the database's", { ann: without(ann, ann[7] as Entry) }],
    ["a gap that an answer skips", "every list is the database's", { ben: swap(ben, 7, joined(55, 5, [edited, third], 2)) }],
    ["a last batch that never comes", "every list is the database's", { ann: ann.slice(0, -1) }],
    [
      "a tombstone that never comes",
      "every list is the database's",
      { ann: swap(ann, 12, { ...batch(62, 5, [gone]), messages: [] } as Entry) },
    ],
  ])("reports %s", (_, rule, parts) => {
    expect(check(evidence())).toEqual([]);
    expect(rulesBroken(parts)).toContain(rule);
  });
});

/** Ann sends hello, Ben replies, and Ann edits or deletes the parent; the reply takes no number. */
describe("the consistency checker for replies", () => {
  const answer = (excerpt: string | null, changedSeq = 2): Seen => ({
    ...state("m2", 2, changedSeq, "hi"),
    replyTo: { id: "m1", excerpt },
  });

  /** `first` is what the room receives after hello, `stored` the reply as the database has it. */
  function replied({ parent, first, stored }: { parent: Seen; first: Seen[]; stored: Seen }): Evidence {
    const isDeleted = parent.text === null;
    const change = isDeleted
      ? ({ name: "delete", messageId: "m1" } as const)
      : ({ name: "edit", messageId: "m1", text: parent.text ?? "" } as const);
    const batches = first.map((one, at) => batch(20 + at, one.changedSeq - 1, [one]));
    const entries: Entry[] = [
      joined(1, 0, []),
      { kind: "invoke", at: 10, op: 1, command: send("hello", "k1") },
      batch(11, 0, [hello]),
      { kind: "ok", at: 12, op: 1, message: hello },
      { kind: "invoke", at: 13, op: 2, command: { ...send("hi", "k2"), replyToId: "m1" } },
      { kind: "invoke", at: 14, op: 3, command: change },
      ...batches,
    ];
    const changed = [...first].sort((a, b) => a.changedSeq - b.changedSeq).map((one): Change => ({ ...one, roomId: ROOM }));
    return {
      histories: [{ client: "Ann", userId: "ann", entries }],
      rooms: [{ id: ROOM, lastSeq: 3 }],
      rows: [row(parent, "ann", "k1"), row(stored, "ann", "k2")],
      changes: [{ ...hello, roomId: ROOM }, ...changed],
    };
  }

  const rules = (evidence: Evidence): Rule[] => [...new Set(check(evidence).map((fault) => fault.rule))];

  it("reports nothing if clients update the replies they have", () => {
    expect(check(replied({ parent: edited, first: [answer("hello"), edited], stored: answer("hello!") }))).toEqual([]);
    const removed = state("m1", 1, 3, null);
    expect(check(replied({ parent: removed, first: [answer("hello"), removed], stored: answer(null) }))).toEqual([]);
  });

  it("reports a reply with an excerpt that its parent never had", () => {
    expect(rules(replied({ parent: edited, first: [answer("hullo"), edited], stored: answer("hello!") }))).toEqual([
      "a reply shows its parent",
    ]);
  });

  it("reports a reply that arrives after a change of its parent with the former excerpt", () => {
    const early = state("m1", 1, 2, "hello!");
    const late: Seen = { ...answer("hello", 3), seq: 3 };
    expect(rules(replied({ parent: early, first: [early, late], stored: { ...late, replyTo: { id: "m1", excerpt: "hello!" } } }))).toEqual([
      "a reply shows its parent",
    ]);
  });
});
