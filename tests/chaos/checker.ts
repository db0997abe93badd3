import type { Command, Entry, Evidence, History, Row, Seen } from "./history.ts";

/**
 * Judges a run by its histories and its database, and by the public contract only: it uses no code of the product, so that no fault of the
 * product can hide itself.
 */

/** A violated guarantee and its description. */
export type Fault = { readonly rule: Rule; readonly what: string };

export type Rule =
  | "an acknowledged message is there"
  | "each message once"
  | "nobody is made to say what they did not say"
  | "every number once, in order, without a gap"
  | "nothing is told that was not committed"
  | "batches come in order"
  | "what came before has the lower number"
  | "an answer knows what was acknowledged before"
  | "an acknowledged change stays"
  | "a reply shows its parent"
  | "every list is the database's";

/** A command with its outcome. */
type Op = {
  readonly userId: string;
  readonly command: Command;
  readonly from: number;
  readonly to: number;
  readonly outcome: "ok" | "refused" | "unknown";
  readonly message: Seen | null;
};

type Batch = Extract<Entry, { kind: "joined" | "synced" | "told" }>;

/** Errors after which the change may have been made anyway. */
const UNSURE = new Set(["unavailable", "internal"]);

const isSame = (a: Seen, b: Seen): boolean =>
  a.id === b.id &&
  a.seq === b.seq &&
  a.changedSeq === b.changedSeq &&
  a.text === b.text &&
  a.reactions.length === b.reactions.length &&
  a.reactions.every((one, at) => one === b.reactions[at]);

const words = ({ id, seq, changedSeq, text, reactions, replyTo }: Seen): string =>
  `${id} seq ${seq} changed ${changedSeq} ${JSON.stringify(text)} [${reactions.join(", ")}]${replyTo ? ` to ${replyTo.id} ${JSON.stringify(replyTo.excerpt)}` : ""}`;

function opsOf({ userId, entries }: History): Op[] {
  const ends = new Map<number, Entry>();
  for (const entry of entries) if (entry.kind === "ok" || entry.kind === "refused" || entry.kind === "unknown") ends.set(entry.op, entry);
  return entries.flatMap((entry): Op[] => {
    if (entry.kind !== "invoke") return [];
    const end = ends.get(entry.op);
    const begun = { userId, command: entry.command, from: entry.at };
    if (end?.kind === "ok") return [{ ...begun, to: end.at, outcome: "ok" as const, message: end.message }];
    if (end?.kind === "refused" && !UNSURE.has(end.code)) return [{ ...begun, to: end.at, outcome: "refused" as const, message: null }];
    return [{ ...begun, to: Number.POSITIVE_INFINITY, outcome: "unknown" as const, message: null }];
  });
}

const groupBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> => {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
};

const isSend = (op: Op): op is Op & { command: Extract<Command, { name: "send" }> } => op.command.name === "send";

function checkSends({ rows, changes }: Evidence, ops: readonly Op[]): Fault[] {
  const faults: Fault[] = [];
  const byKey = groupBy(rows, (row) => `${row.authorId} ${row.clientMessageId}`);
  const sent = groupBy(ops.filter(isSend), ({ userId, command }) => `${userId} ${command.clientMessageId}`);
  const firstText = new Map<string, string | null>();
  for (const { id, text } of changes) if (!firstText.has(id)) firstText.set(id, text);

  for (const [key, found] of byKey) {
    if (found.length > 1) faults.push({ rule: "each message once", what: `${key} is there ${found.length} times` });
    const said = sent.get(key) ?? [];
    const [row] = found as [Row];
    const isSaid = said.some(
      ({ command, outcome }) =>
        outcome !== "refused" &&
        command.roomId === row.roomId &&
        command.text === firstText.get(row.id) &&
        (row.text === null || (command.replyToId ?? null) === (row.replyTo?.id ?? null)),
    );
    if (!isSaid) faults.push({ rule: "nobody is made to say what they did not say", what: words(row) });
  }
  for (const [key, tries] of sent) {
    const row = byKey.get(key)?.[0];
    for (const { message } of tries) {
      if (message === null) continue;
      if (row === undefined || row.id !== message.id || row.seq !== message.seq)
        faults.push({
          rule: "an acknowledged message is there",
          what: `${words(message)}, but the database has ${row ? words(row) : "none"}`,
        });
    }
  }
  return faults;
}

function checkNumbers({ rooms, rows, changes }: Evidence): Fault[] {
  const rule = "every number once, in order, without a gap";
  const faults: Fault[] = [];
  const inRoom = groupBy(changes, (change) => change.roomId);
  for (const { id, lastSeq } of rooms) {
    const numbers = (inRoom.get(id) ?? []).map((change) => change.changedSeq);
    const wrong = numbers.findIndex((number, at) => number !== at + 1);
    if (wrong !== -1) faults.push({ rule, what: `in room ${id} change ${wrong + 1} has the number ${numbers[wrong]}` });
    if (numbers.length !== lastSeq) faults.push({ rule, what: `room ${id} counts ${lastSeq} and has ${numbers.length} changes` });
  }
  for (const [, same] of groupBy(rows, (row) => `${row.roomId} ${row.seq}`))
    if (same.length > 1) faults.push({ rule, what: `one place for ${same.map(words).join(" and ")}` });
  const newest = new Map(changes.map((change) => [change.id, change]));
  for (const row of rows) {
    const last = newest.get(row.id);
    if (last === undefined || !isSame(last, row))
      faults.push({ rule, what: `${words(row)} was changed without a number, after ${last ? words(last) : "nothing"}` });
  }
  return faults;
}

/** Checks that every message shown in an ack, an answer or a batch is a state that was committed under that number. */
function checkTold({ histories, changes }: Evidence, ops: readonly Op[]): Fault[] {
  const committed = new Map(changes.map((change) => [`${change.roomId} ${change.changedSeq}`, change]));
  const byNumber = new Map(changes.map((change) => [`${change.id} ${change.changedSeq}`, change]));
  const faults: Fault[] = [];
  const expect = (shown: Seen, found: Seen | undefined, where: string): void => {
    if (found === undefined || !isSame(shown, found))
      faults.push({
        rule: "nothing is told that was not committed",
        what: `${where}: ${words(shown)}, but under that number is ${found ? words(found) : "nothing"}`,
      });
  };
  for (const { client, entries } of histories)
    for (const entry of entries)
      if ("messages" in entry)
        for (const shown of entry.messages) expect(shown, committed.get(`${entry.roomId} ${shown.changedSeq}`), `${client} ${entry.kind}`);
  for (const { message } of ops) if (message !== null) expect(message, byNumber.get(`${message.id} ${message.changedSeq}`), "an ack");
  return faults;
}

/** Checks that a reply always shows a committed state of its parent. Texts of a run are shorter than an excerpt. */
function checkReplies({ histories, changes }: Evidence, ops: readonly Op[]): Fault[] {
  const states = new Map<string, Set<string | null>>();
  for (const { id, text } of changes) states.set(id, (states.get(id) ?? new Set()).add(text));
  const faults: Fault[] = [];
  const look = (shown: Seen, where: string): void => {
    const { replyTo } = shown;
    if (replyTo !== null && !states.get(replyTo.id)?.has(replyTo.excerpt))
      faults.push({ rule: "a reply shows its parent", what: `${where}: ${words(shown)}, which its parent never was` });
  };
  for (const { client, entries } of histories)
    for (const entry of entries) if ("messages" in entry) for (const shown of entry.messages) look(shown, `${client} ${entry.kind}`);
  for (const { message } of ops) if (message !== null) look(message, "an ack");
  return faults;
}

function checkBatches({ histories }: Evidence): Fault[] {
  const rule = "batches come in order";
  const faults: Fault[] = [];
  for (const { client, entries } of histories) {
    const reached = new Map<string, number>();
    for (const entry of entries) {
      if (entry.kind !== "told") continue;
      const { roomId, line, fromSeq, toSeq, messages } = entry;
      const numbers = messages.map((message) => message.changedSeq);
      const span = `${client} was told (${fromSeq}, ${toSeq}] of ${roomId}`;
      const before = reached.get(`${line} ${roomId}`) ?? 0;
      if (fromSeq >= toSeq) faults.push({ rule, what: `${span}, which is nothing` });
      if (toSeq <= before) faults.push({ rule, what: `${span} after ${before}` });
      if (numbers.some((number, at) => number <= (at === 0 ? fromSeq : (numbers[at - 1] ?? 0)) || number > toSeq))
        faults.push({ rule, what: `${span} with ${numbers.join(", ")}` });
      reached.set(`${line} ${roomId}`, Math.max(before, toSeq));
    }
  }
  return faults;
}

/** Checks that two acknowledged messages of a room, one sent after the other was acknowledged, have numbers in that order. */
function checkTime(ops: readonly Op[]): Fault[] {
  const faults: Fault[] = [];
  for (const [, all] of groupBy(ops.filter(isSend), ({ command }) => command.roomId)) {
    // A repeat is answered with the result of the first attempt, whenever that was.
    const firsts = [...groupBy(all, ({ userId, command }) => `${userId} ${command.clientMessageId}`).values()];
    const done = firsts.flatMap((tries) => {
      const answered = tries.filter((one) => one.message !== null);
      const [first] = answered;
      if (!first?.message) return [];
      return [{ from: Math.min(...tries.map((one) => one.from)), to: Math.min(...answered.map((one) => one.to)), seq: first.message.seq }];
    });
    const byEnd = [...done].sort((a, b) => a.to - b.to);
    let highest = 0;
    let next = 0;
    for (const one of [...done].sort((a, b) => a.from - b.from)) {
      for (let ended = byEnd[next]; ended !== undefined && ended.to < one.from; ended = byEnd[++next])
        highest = Math.max(highest, ended.seq);
      if (one.seq < highest)
        faults.push({ rule: "what came before has the lower number", what: `${one.seq} was sent after ${highest} was acknowledged` });
    }
  }
  return faults;
}

/** Checks that a room's state includes everything in it that was acknowledged before the request. */
function checkReads({ histories, rows }: Evidence, ops: readonly Op[]): Fault[] {
  const faults: Fault[] = [];
  const roomOf = new Map(rows.map((row) => [row.id, row.roomId]));
  const acked = groupBy(
    ops.flatMap(({ to, message }) => (message === null ? [] : [{ at: to, seq: message.changedSeq, roomId: roomOf.get(message.id) ?? "" }])),
    (one) => one.roomId,
  );
  const asked = groupBy(
    histories.flatMap(({ client, entries }) =>
      entries.flatMap((entry) => (entry.kind === "joined" || (entry.kind === "synced" && !entry.hasMore) ? [{ client, entry }] : [])),
    ),
    ({ entry }) => entry.roomId,
  );
  for (const [roomId, answers] of asked) {
    const acks = (acked.get(roomId) ?? []).sort((a, b) => a.at - b.at);
    let highest = 0;
    let next = 0;
    for (const { client, entry } of answers.sort((a, b) => a.entry.askedAt - b.entry.askedAt)) {
      for (let ack = acks[next]; ack !== undefined && ack.at < entry.askedAt; ack = acks[++next]) highest = Math.max(highest, ack.seq);
      if (entry.lastSeq < highest)
        faults.push({
          rule: "an answer knows what was acknowledged before",
          what: `${client} ${entry.kind} room ${roomId} at ${entry.lastSeq}, after ${highest} was acknowledged`,
        });
    }
  }
  return faults;
}

/** Returns the possible final values of a property: the last one that was certainly set, and every one whose outcome is unknown. */
function possible<Value>(ops: readonly (Op & { readonly value: Value })[], initial: Value): Value[] {
  const done = ops.filter((op) => op.outcome === "ok");
  const last = done.filter((op) => !done.some((later) => later.from > op.to));
  const unsure = ops.filter((op) => op.outcome === "unknown");
  return [...(done.length === 0 ? [initial] : []), ...[...last, ...unsure].map((op) => op.value)];
}

function checkChanges({ rows }: Evidence, ops: readonly Op[]): Fault[] {
  const rule = "an acknowledged change stays";
  const faults: Fault[] = [];
  const sent = new Map(ops.filter(isSend).map(({ userId, command }) => [`${userId} ${command.clientMessageId}`, command.text]));
  const of = groupBy(
    ops.filter((op) => op.command.name !== "send" && op.outcome !== "refused"),
    ({ command }) => ("messageId" in command ? command.messageId : ""),
  );
  for (const row of rows) {
    const own = of.get(row.id) ?? [];
    const deletes = own.filter(({ command }) => command.name === "delete");
    if (row.text === null) {
      if (deletes.length === 0) faults.push({ rule, what: `${words(row)} was deleted by nobody` });
      continue;
    }
    if (deletes.some(({ outcome }) => outcome === "ok")) faults.push({ rule, what: `${words(row)} was deleted` });
    const edits = own.flatMap((op) => (op.command.name === "edit" ? [{ ...op, value: op.command.text }] : []));
    const texts = possible(edits, sent.get(`${row.authorId} ${row.clientMessageId}`) ?? "");
    if (!texts.includes(row.text)) faults.push({ rule, what: `${words(row)} should be one of ${JSON.stringify(texts)}` });
    faults.push(...checkReactions(row, own));
  }
  return faults;
}

function checkReactions(row: Row, ops: readonly Op[]): Fault[] {
  const given = ops.flatMap((op) =>
    op.command.name === "react" ? [{ ...op, value: op.command.isOn, sign: `${op.command.emoji} ${op.userId}` }] : [],
  );
  const bySign = groupBy(given, (one) => one.sign);
  const strange = row.reactions.filter((sign) => !bySign.has(sign));
  const wrong = [...bySign].filter(([sign, all]) => !possible(all, false).includes(row.reactions.includes(sign)));
  return [...strange, ...wrong.map(([sign]) => sign)].map((sign) => ({
    rule: "an acknowledged change stays",
    what: `${words(row)} has the wrong reaction ${sign}`,
  }));
}

/** A room's list as contract §4.4 builds it: `from` is the first sequence number that a snapshot included. */
type List = { seq: number; epoch: string; from: number; held: Map<string, Seen>; replies: Map<string, Set<string>> };

/** Adds a message and updates what its replies show (contract §4.11), which takes no number of its own. */
function take({ held, replies }: List, message: Seen): void {
  const known = held.get(message.id);
  if (known !== undefined && known.changedSeq >= message.changedSeq) return;
  held.set(message.id, message);
  if (message.replyTo !== null) replies.set(message.replyTo.id, (replies.get(message.replyTo.id) ?? new Set()).add(message.id));
  for (const id of replies.get(message.id) ?? []) {
    const reply = held.get(id);
    if (reply?.replyTo) held.set(id, { ...reply, replyTo: { id: message.id, excerpt: message.text } });
  }
}

function apply(list: List, { messages }: Batch, upTo: number): void {
  for (const message of messages) take(list, message);
  list.seq = Math.max(list.seq, upTo);
}

function replay(lists: Map<string, List>, entry: Batch): void {
  const list = lists.get(entry.roomId);
  if (entry.kind === "joined" && (entry.isSnapshot || list === undefined)) {
    const first = Math.min(...entry.messages.map((message) => message.seq));
    const fresh: List = { seq: 0, epoch: entry.epoch, from: entry.hasMore ? first : 1, held: new Map(), replies: new Map() };
    lists.set(entry.roomId, fresh);
    apply(fresh, entry, entry.lastSeq);
  } else if (list !== undefined && entry.kind !== "told") {
    apply(list, entry, entry.lastSeq);
  } else if (list !== undefined && entry.kind === "told" && entry.epoch === list.epoch) {
    if (entry.fromSeq <= list.seq && entry.toSeq > list.seq) apply(list, entry, entry.toSeq);
  }
}

function checkLists({ histories, rows, rooms }: Evidence): Fault[] {
  const rule = "every list is the database's";
  const faults: Fault[] = [];
  const inRoom = groupBy(
    [...rows].sort((a, b) => a.seq - b.seq),
    (row) => row.roomId,
  );
  const heads = new Map(rooms.map((room) => [room.id, room.lastSeq]));
  for (const { client, entries } of histories) {
    const lists = new Map<string, List>();
    for (const entry of entries) if ("messages" in entry) replay(lists, entry);
    for (const [roomId, { seq, from, held }] of lists) {
      // A client that joined after a deletion never had the message, so only visible messages count.
      const wanted = (inRoom.get(roomId) ?? []).filter((row) => row.seq >= from && row.text !== null);
      const list = [...held.values()].filter((one) => one.seq >= from && one.text !== null).sort((a, b) => a.seq - b.seq);
      if (seq !== heads.get(roomId)) faults.push({ rule, what: `${client} stands at ${seq} of ${heads.get(roomId)} in ${roomId}` });
      const at = wanted.findIndex((row, place) => !isSame(row, list[place] ?? { ...row, id: "" }));
      const have = list[at];
      const want = wanted[at];
      if (at !== -1 || list.length !== wanted.length)
        faults.push({
          rule,
          what: `${client} holds ${list.length} of ${wanted.length} in ${roomId}; first ${have ? words(have) : "nothing"} for ${want ? words(want) : "nothing"}`,
        });
      for (const row of wanted) {
        const shown = held.get(row.id);
        if (shown && shown.replyTo?.excerpt !== row.replyTo?.excerpt)
          faults.push({ rule: "a reply shows its parent", what: `${client} holds ${words(shown)} for ${words(row)}` });
      }
    }
  }
  return faults;
}

/** Returns every violated guarantee of a run; none is the goal. */
export function check(evidence: Evidence): Fault[] {
  const ops = evidence.histories.flatMap(opsOf);
  return [
    ...checkSends(evidence, ops),
    ...checkNumbers(evidence),
    ...checkTold(evidence, ops),
    ...checkReplies(evidence, ops),
    ...checkBatches(evidence),
    ...checkTime(ops),
    ...checkReads(evidence, ops),
    ...checkChanges(evidence, ops),
    ...checkLists(evidence),
  ];
}
