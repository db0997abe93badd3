import type { ServerEventPayload } from "../../../utils/contract/events.ts";
import type { MessageDto, ReplyToDto } from "../../../utils/contract/schemas/messages.ts";
import { connect, type Live } from "./sockets.ts";

/** A client that keeps one room's list by the contract's rules, and nothing but them. */
export type Reader = {
  /** Every message held, in the order of its place. */
  list(): MessageDto[];
  /** The number up to which the list is complete. */
  seq(): number;
  /** How often a batch left a gap that had to be asked for. */
  gaps(): number;
  /** Announcements that broke the contract by themselves, in words. */
  readonly faults: readonly string[];
  readonly live: () => Live;
  /** Opens a socket and joins, with what is held already. */
  join(): Promise<void>;
  /** Cuts the line without a word. */
  drop(): void;
  /** Waits until the list reaches a number. */
  reach(seq: number): Promise<void>;
};

type Batch = ServerEventPayload<"messages_changed">;

const PATIENCE_MS = 30_000;

const segmenter = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Contract §4.11, written down here again: what a reply shows of its parent message. */
function parentOf(message: MessageDto): Pick<ReplyToDto, "authorName" | "excerpt"> {
  if (message.deletedAt !== null) return { authorName: null, excerpt: null };
  const graphemes = [...segmenter.segment([...message.text].slice(0, 400).join(""))].map(({ segment }) => segment);
  const excerpt = graphemes.length > 140 ? `${graphemes.slice(0, 140).join("")}…` : graphemes.join("");
  return { authorName: message.author.displayName, excerpt };
}

/** What is wrong with a batch, whatever the client holds; `before` is the number that the batch before it reached. */
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
  let [seq, gaps]: [number, number] = [0, 0];
  let epoch: string | undefined;
  let live: Live | null = null;
  const faults: string[] = [];
  let work: Promise<void> = Promise.resolve();
  const waiting = new Set<() => void>();

  /** Rule 11 of the contract: a change of a parent changes what the replies to it show, which take no number of their own. */
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

  /** Rule 4 of the contract: apply what follows, ignore what is old, ask for what is missing. */
  async function merge(line: Live, batch: Batch): Promise<void> {
    if (line !== live || batch.epoch !== epoch || batch.toSeq <= seq) return;
    if (batch.fromSeq <= seq) return take(batch.messages, batch.toSeq);
    gaps += 1;
    await sync(line);
  }

  /** One thing after the other: what comes while something is asked for waits for its turn. */
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
      // The listener is there before the answer is: what is told right after it must not be missed.
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
        }, PATIENCE_MS);
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
