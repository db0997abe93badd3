import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { MessageDto, ReplyToDto } from "../../../utils/contract/schemas/messages.ts";
import { connect, type Live } from "./sockets.ts";

/** A client that keeps the message list of one room strictly by the rules of the contract. */
export type Reader = {
  /** Returns every known message, by sequence number. */
  list(): MessageDto[];
  /** Returns the sequence number up to which the list is complete. */
  seq(): number;
  /** Returns how often a batch left a gap that had to be requested. */
  gaps(): number;
  /** Descriptions of batches that violated the contract by themselves. */
  readonly faults: readonly string[];
  readonly live: () => Live;
  /** Opens a socket and joins, with the messages it already has. */
  join(): Promise<void>;
  /** Closes the connection without a goodbye. */
  drop(): void;
  /** Waits until the list reaches a sequence number. */
  reach(seq: number): Promise<void>;
};

type Batch = ServerEventPayload<"messages_changed">;

const TIMEOUT_MS = 30_000;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Returns what a reply shows of its parent message: contract §4.11, implemented here again. */
function parentOf(message: MessageDto): Pick<ReplyToDto, "authorName" | "excerpt"> {
  if (message.deletedAt !== null) return { authorName: null, excerpt: null };
  const graphemes = [...segmenter.segment([...message.text].slice(0, 400).join(""))].map(({ segment }) => segment);
  const excerpt = graphemes.length > 140 ? `${graphemes.slice(0, 140).join("")}…` : graphemes.join("");
  return { authorName: message.author.displayName, excerpt };
}

/** Returns what is wrong with a batch, independent of the client's state; `before` is the number that the previous batch reached. */
export function faultsOf({ fromSeq, toSeq, messages }: Batch, before: number): string[] {
  const numbers = messages.map((message) => message.changedSeq);
  const span = `(${fromSeq}, ${toSeq}]`;
  return [
    ...(fromSeq < toSeq ? [] : [`${span} spans nothing`]),
    ...(toSeq > before ? [] : [`${span} came after ${before}`]),
    ...(numbers.every((number) => number > fromSeq && number <= toSeq) ? [] : [`${span} holds ${numbers.join()}`]),
    ...(numbers.every((number, place) => place === 0 || number > (numbers[place - 1] ?? 0))
      ? []
      : [`${span} is not in order: ${numbers.join()}`]),
  ];
}

export function createReader(url: string, token: string, roomId: string): Reader {
  const held = new Map<string, MessageDto>();
  let seq: number = 0;
  let gaps: number = 0;
  let epoch: string | undefined;
  let live: Live | null = null;
  const faults: string[] = [];
  let work: Promise<void> = Promise.resolve();
  const waiting = new Set<() => void>();

  /** Implements rule 11 of the contract: a change of a parent changes what its replies show, without a number of their own. */
  function updateReplies(parent: MessageDto): void {
    for (const one of held.values()) {
      if (one.deletedAt !== null || one.replyTo?.id !== parent.id) continue;
      held.set(one.id, { ...one, replyTo: { ...one.replyTo, ...parentOf(parent) } });
    }
  }

  function take(messages: readonly MessageDto[], upTo: number): void {
    for (const message of messages) {
      const known = held.get(message.id);
      if (known !== undefined && known.changedSeq >= message.changedSeq) continue;
      held.set(message.id, message);
      updateReplies(message);
    }
    seq = Math.max(seq, upTo);
    for (const look of [...waiting]) look();
  }

  async function sync(line: Live): Promise<void> {
    for (;;) {
      const { messages, lastSeq, hasMore } = await line.command("sync_room", { roomId, afterSeq: seq });
      take(messages, lastSeq);
      if (!hasMore) return;
    }
  }

  /** Implements rule 4 of the contract: apply what follows, ignore what is old, request what is missing. */
  async function merge(line: Live, batch: Batch): Promise<void> {
    if (line !== live || batch.epoch !== epoch || batch.toSeq <= seq) return;
    if (batch.fromSeq <= seq) return take(batch.messages, batch.toSeq);
    gaps += 1;
    await sync(line);
  }

  /** Runs one task at a time: batches that arrive during a request wait for it. */
  const queue = (task: () => Promise<void>): Promise<void> => {
    work = work.then(task).catch(() => undefined);
    return work;
  };

  async function enter(line: Live): Promise<void> {
    const joined = await line.command("join_room", { roomId, ...(epoch !== undefined && { afterSeq: seq, epoch }) });
    if (joined.isSnapshot) {
      held.clear();
      seq = 0;
    }
    epoch = joined.epoch;
    take(joined.messages, joined.lastSeq);
  }

  return {
    list: () => [...held.values()].sort((a, b) => a.seq - b.seq),
    seq: () => seq,
    gaps: () => gaps,
    faults,
    live() {
      if (live === null) throw new Error("not connected");
      return live;
    },
    async join() {
      const line = await connect(url, token);
      live = line;
      // Subscribe before the answer arrives, so that a batch sent right after it is not missed.
      let isIn = false;
      const early: Batch[] = [];
      let newest = -1;
      line.socket.on("messages_changed", (batch) => {
        if (batch.roomId !== roomId) return;
        faults.push(...faultsOf(batch, newest));
        newest = batch.toSeq;
        if (isIn) void queue(() => merge(line, batch));
        else early.push(batch);
      });
      await enter(line);
      isIn = true;
      for (const batch of early) void queue(() => merge(line, batch));
    },
    drop() {
      const line = live;
      live = null;
      line?.socket.io.engine.close();
      line?.close();
    },
    reach: (wanted) =>
      new Promise((resolve, reject) => {
        const stop = (): void => {
          clearTimeout(timer);
          waiting.delete(look);
        };
        const timer = setTimeout(() => {
          stop();
          reject(new Error(`reached ${seq} of ${wanted}`));
        }, TIMEOUT_MS);
        const look = (): void => {
          if (seq < wanted) return;
          stop();
          resolve();
        };
        waiting.add(look);
        look();
      }),
  };
}
