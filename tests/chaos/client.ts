import { setTimeout as pause } from "node:timers/promises";
import type { Command, Entry, History, Seen } from "./history.ts";
import { type Ack, type Line, openLine } from "./line.ts";
import type { Random } from "./random.ts";
import { type Joined, read, type Synced, seenOf, type Told, type WireMessage } from "./wire-shapes.ts";

/** What all clients of a run share. */
export type Stage = {
  readonly port: number;
  /** The longest pause of a client between two commands, in ms. */
  readonly pauseMs: number;
  /** The commands acknowledged so far, of all clients. */
  acks: number;
  isTalking: boolean;
  isOver: boolean;
};

export type Client = {
  readonly history: History;
  /** Connects, sends and receives, and reconnects after every disconnect, until the run is over. */
  live(): Promise<void>;
  /** Whether nothing is left to send and the lists reach these numbers. */
  isSettled(heads: ReadonlyMap<string, number>): boolean;
};

type Options = {
  readonly name: string;
  readonly token: string;
  readonly roomIds: readonly string[];
  readonly random: Random;
  readonly stage: Stage;
};

const BEAT_MS = 1_000;
const BEAT_PATIENCE_MS = 3_000;
const REMEMBERED = 20;
const EMOJI = ["👍", "🎉", "😂"];

const userIdOf = (token: string): string =>
  (JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sub: string }).sub;

const uuidOf = (random: Random): string => {
  const hex = Array.from({ length: 32 }, () => random.below(16).toString(16)).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
};

/** Returns the name and the input of a command as they are sent. */
function spoken(command: Command): [string, object] {
  const { name, ...input } = command;
  if (command.name !== "react") return [`${name}_message`, input];
  return [command.isOn ? "add_reaction" : "remove_reaction", { messageId: command.messageId, emoji: command.emoji }];
}

/** Creates a minimal client that follows the rules of contract §4 and records everything it sends and receives. */
export function createClient({ name, token, roomIds, random, stage }: Options): Client {
  const entries: Entry[] = [];
  const rooms = new Map<string, { seq: number; epoch: string; heard: number; isSyncing: boolean }>();
  const own: string[] = [];
  const recent: string[] = [];
  /** Messages to reply to; a reply must be in the same room. */
  const answerable: { id: string; roomId: string }[] = [];
  let ops = 0;
  let lines = 0;
  let texts = 0;
  let unsaid: Command | null = null;
  let line: Line | null = null;

  const now = (): number => performance.now();
  const remember = <Item>(list: Item[], item: Item): void => {
    list.push(item);
    if (list.length > REMEMBERED) list.shift();
  };

  async function sync(at: Line, roomId: string): Promise<void> {
    const room = rooms.get(roomId);
    if (room === undefined || room.isSyncing) return;
    room.isSyncing = true;
    for (let isMore = true; isMore && !at.isGone(); ) {
      const askedAt = now();
      const number = lines;
      isMore = false;
      const onAnswer = (answer: Ack): void => {
        if (!answer.ok) return;
        const { messages, lastSeq, hasMore } = answer.data as Synced;
        entries.push({ kind: "synced", askedAt, at: now(), line: number, roomId, lastSeq, hasMore, messages: messages.map(seenOf) });
        room.seq = Math.max(room.seq, lastSeq);
        isMore = hasMore || room.heard > room.seq;
      };
      await at.ask("sync_room", { roomId, afterSeq: room.seq }, { onAnswer });
    }
    room.isSyncing = false;
  }

  /** Implements contract §4.4: apply what follows, ignore what is old, request what is missing. */
  function receive(at: Line | null, number: number, batch: Told): void {
    const { roomId, epoch, fromSeq, toSeq, messages } = batch;
    entries.push({ kind: "told", at: now(), line: number, roomId, epoch, fromSeq, toSeq, messages });
    const room = rooms.get(roomId);
    if (room === undefined || room.epoch !== epoch) return;
    room.heard = Math.max(room.heard, toSeq);
    for (const { id, text } of messages) {
      if (text === null) continue;
      remember(recent, id);
      remember(answerable, { id, roomId });
    }
    if (fromSeq <= room.seq) room.seq = Math.max(room.seq, toSeq);
    else if (at) void sync(at, roomId);
  }

  async function enter(at: Line, roomId: string): Promise<boolean> {
    const held = rooms.get(roomId);
    const askedAt = now();
    const number = lines;
    const onAnswer = (answer: Ack): void => {
      if (!answer.ok) return;
      const { epoch, isSnapshot, lastSeq, hasMore, messages } = answer.data as Joined;
      const answered = { epoch, isSnapshot, lastSeq, hasMore, messages: messages.map(seenOf) };
      entries.push({ kind: "joined", askedAt, at: now(), line: number, roomId, ...answered });
      const seq = isSnapshot ? lastSeq : Math.max(held?.seq ?? 0, lastSeq);
      rooms.set(roomId, { seq, epoch, heard: seq, isSyncing: false });
    };
    const input = { roomId, ...(held && { afterSeq: held.seq, epoch: held.epoch }) };
    return (await at.ask("join_room", input, { onAnswer }))?.ok === true;
  }

  function choose(): Command {
    const messageId = random.pick(own);
    const other = random.pick(recent);
    const dice = random.next();
    if (dice < 0.15 && messageId) return { name: "edit", messageId, text: `${name} betters ${++texts}` };
    if (dice < 0.2 && messageId) {
      own.splice(own.indexOf(messageId), 1);
      return { name: "delete", messageId };
    }
    if (dice < 0.45 && other) return { name: "react", messageId: other, emoji: random.pick(EMOJI) ?? "👍", isOn: random.next() < 0.7 };
    const message = {
      name: "send",
      roomId: random.pick(roomIds) ?? "",
      clientMessageId: uuidOf(random),
      text: `${name} says ${++texts}`,
    } as const;
    const parent = dice < 0.7 ? random.pick(answerable.filter(({ roomId }) => roomId === message.roomId)) : undefined;
    return parent ? { ...message, replyToId: parent.id } : message;
  }

  /** Sends one command; what was sent and not answered is sent again under the same key until it is. */
  async function say(at: Line, command: Command): Promise<void> {
    const op = ++ops;
    entries.push({ kind: "invoke", at: now(), op, command });
    const answer = await at.ask(...spoken(command));
    if (answer === null) {
      entries.push({ kind: "unknown", at: now(), op });
      return at.close();
    }
    if (answer.ok) {
      const message: Seen = seenOf((answer.data as { message: WireMessage }).message);
      entries.push({ kind: "ok", at: now(), op, message });
      stage.acks += 1;
      if (command.name === "send") remember(own, message.id);
    } else entries.push({ kind: "refused", at: now(), op, code: answer.error.code });
    const isUnsure = !answer.ok && ["unavailable", "internal"].includes(answer.error.code);
    if (!isUnsure) unsaid = null;
  }

  async function talk(at: Line): Promise<void> {
    while (!at.isGone() && !stage.isOver) {
      if (unsaid === null && stage.isTalking) {
        const command = choose();
        if (command.name === "send") unsaid = command;
        await say(at, command);
      } else if (unsaid !== null) await say(at, unsaid);
      await pause(random.below(stage.pauseMs));
    }
  }

  async function beat(at: Line): Promise<void> {
    while (!at.isGone() && !stage.isOver) {
      await pause(BEAT_MS);
      const answer = await at.ask("heartbeat", { status: "online" }, { patienceMs: BEAT_PATIENCE_MS });
      if (answer === null) return at.close();
      if (!answer.ok) continue;
      const { heads } = answer.data as { heads: Record<string, number> };
      for (const [roomId, head] of Object.entries(heads)) if (head > (rooms.get(roomId)?.seq ?? head)) void sync(at, roomId);
    }
  }

  async function visit(): Promise<void> {
    const number = ++lines;
    line = await openLine({
      port: stage.port,
      token,
      onFact: (packet) => {
        const batch = read(packet);
        if (batch) receive(line, number, batch);
      },
    });
    if (line === null) return pause(100 + random.below(300));
    const at = line;
    const areIn = await Promise.all(roomIds.map((roomId) => enter(at, roomId)));
    if (areIn.every(Boolean)) await Promise.all([talk(at), beat(at)]);
    else await pause(100);
    at.close();
  }

  return {
    history: { client: name, userId: userIdOf(token), entries },
    async live() {
      while (!stage.isOver) await visit();
    },
    isSettled: (heads) =>
      unsaid === null &&
      roomIds.every((roomId) => {
        const room = rooms.get(roomId);
        return room !== undefined && !room.isSyncing && room.seq === heads.get(roomId);
      }),
  };
}
