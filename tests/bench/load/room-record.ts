import { createHash } from "node:crypto";
import type { RoomProof } from "./job.ts";

/** One `messages_changed` as the first recipient received it; all others are compared with its bytes. */
export type Announced = { bytes: Buffer; toSeq: number; indexes: number[] };

type ReceivedBatch = { fromSeq: number; toSeq: number; messages: { seq: number; clientMessageId: string }[] };

const INDEX_DIGITS = 12;

/** Returns the key of the n-th message of a run: a UUID whose last group is n, so that n can be read back from any frame. */
export const keyOf = (run: string, index: number): string => `${run}-${index.toString(16).padStart(INDEX_DIGITS, "0")}`;

export const indexOf = (key: string): number => Number.parseInt(key.slice(-INDEX_DIGITS), 16);

/** The broadcasts of one room, recorded once and checked by every member. */
export class RoomRecord {
  readonly roomId: string;
  readonly announced: Announced[] = [];
  readonly faults: string[] = [];
  startSeq = 0;
  lastSeq = 0;
  private readonly keys: string[] = [];

  constructor(roomId: string) {
    this.roomId = roomId;
  }

  /** Sets the room's sequence number when its last member joined; from there on every number must follow. */
  startAt(seq: number): void {
    this.startSeq = seq;
    this.lastSeq = seq;
  }

  /** Records a broadcast that no member has received yet: numbers must follow without gap or repeat. */
  append(packet: Buffer): Announced {
    const { fromSeq, toSeq, messages } = readAnnouncement(packet);
    if (fromSeq !== this.lastSeq) this.faults.push(`${this.roomId}: a batch from ${fromSeq} after ${this.lastSeq}`);
    for (const [offset, message] of messages.entries()) {
      if (message.seq !== fromSeq + offset + 1)
        this.faults.push(`${this.roomId}: number ${message.seq} where ${fromSeq + offset + 1} belongs`);
      this.keys.push(message.clientMessageId);
    }
    this.lastSeq = toSeq;
    const entry = { bytes: Buffer.from(packet), toSeq, indexes: messages.map((message) => indexOf(message.clientMessageId)) };
    this.announced.push(entry);
    return entry;
  }

  /** Records the keys of a room without subscribers in the order of their numbers, from the acks. */
  fillFrom(acknowledged: Map<number, string>): void {
    for (let seq = this.startSeq + 1; acknowledged.has(seq); seq += 1) this.keys.push(acknowledged.get(seq) ?? "");
    if (this.keys.length !== acknowledged.size) this.faults.push(`${this.roomId}: acknowledged numbers have a gap`);
  }

  /** Checks that every acknowledged message was broadcast exactly once. */
  compareWithAcks(acknowledged: ReadonlySet<string>): void {
    const broadcast = new Set(this.keys);
    if (broadcast.size !== this.keys.length) this.faults.push(`${this.roomId}: ${this.keys.length - broadcast.size} messages told twice`);
    const missing = [...acknowledged].filter((key) => !broadcast.has(key)).length;
    if (missing > 0) this.faults.push(`${this.roomId}: ${missing} acknowledged messages never told`);
    if (broadcast.size > acknowledged.size - missing) this.faults.push(`${this.roomId}: messages told that nobody sent`);
  }

  proof(): RoomProof {
    return { roomId: this.roomId, afterSeq: this.startSeq, count: this.keys.length, digest: digestOf(this.startSeq, this.keys) };
  }
}

/** Returns the digest of a list of keys whose numbers follow `afterSeq` one by one. */
export function digestOf(afterSeq: number, keys: readonly string[]): string {
  const hash = createHash("sha256");
  for (const [offset, key] of keys.entries()) hash.update(`${afterSeq + offset + 1}:${key};`);
  return hash.digest("hex");
}

/** Parses a `42["messages_changed",{…}]` packet. */
export function readAnnouncement(packet: Buffer): ReceivedBatch {
  const [, payload] = JSON.parse(packet.toString("utf8", 2)) as [string, ReceivedBatch];
  return payload;
}
