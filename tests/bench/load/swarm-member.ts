import type { SwarmJob } from "./job.ts";
import { type Announced, type RoomRecord, readAnnouncement } from "./room-record.ts";
import { openWire, type Wire } from "./wire.ts";

/** The shared results of all members of a run. Times are of `performance.now()`. */
export type Ledger = {
  keyOf: (index: number) => string;
  /** By index of the message; index 0 is the join. */
  sentAt: number[];
  /** The measured window; infinite until it begins and ends. */
  from: number;
  to: number;
  isStopping: boolean;
  underWay: number;
  /** Broadcasts and acks received since the beginning. */
  frames: number;
  ackTimes: number[];
  receiptTimes: number[];
  /** By room: number → key of every acknowledged message. */
  acknowledged: Map<RoomRecord, Map<number, string>>;
  highest: Map<RoomRecord, number>;
  faults: string[];
};

type Wanted = { token: string; isWriter: boolean; isSampler: boolean; record: RoomRecord };

const ANNOUNCEMENT = Buffer.from('42["messages_changed"');
const GRANTED = Buffer.from('[{"ok":true');
const SEQ = Buffer.from('"seq":');
const FOUR = 0x34;
const ZERO = 0x30;
const TWO = 0x32;
const THREE = 0x33;
const NINE = 0x39;
const BRACKET = 0x5b;

const TEXT = "Good evening from the harbour. The ferry is late again, so there is time for one more story about the lighthouse.";

const startsWith = (packet: Buffer, prefix: Buffer, at = 0): boolean =>
  packet.length >= at + prefix.length && packet.compare(prefix, 0, prefix.length, at, at + prefix.length) === 0;

/** Parses the decimal number at an offset. */
function numberAt(packet: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  let end = at;
  for (let byte = packet[end] ?? 0; byte >= ZERO && byte <= NINE; byte = packet[end] ?? 0) {
    value = value * 10 + (byte - ZERO);
    end += 1;
  }
  return { value, end };
}

/** One connection: joins a room, sends in a closed loop if it is a writer, and checks everything it receives. */
export class Member {
  readonly record: RoomRecord;
  /** The last number that this recipient has received. */
  seq = 0;
  /** The next broadcast of the room's record that this recipient has not received. */
  private position = 0;
  private readonly job: SwarmJob;
  private readonly wanted: Wanted;
  private readonly ledger: Ledger;
  private readonly wire: Wire;
  private settle: { enter: () => void; fail: (error: Error) => void } = { enter: () => undefined, fail: () => undefined };

  constructor(job: SwarmJob, wanted: Wanted, ledger: Ledger) {
    this.job = job;
    this.wanted = wanted;
    this.ledger = ledger;
    this.record = wanted.record;
    this.wire = openWire(
      { port: job.port, host: "127.0.0.1" },
      { onPacket: (packet) => this.take(packet), onClose: (reason) => this.lose(reason) },
    );
  }

  /** Resolves when the member has joined; rejects when the join is rejected. */
  entered(): Promise<void> {
    return new Promise((enter, fail) => {
      this.settle = { enter, fail };
    });
  }

  /** Starts sending if the member is a writer. */
  start(): void {
    const { everyMs, inFlight } = this.job;
    if (!this.wanted.isWriter) return;
    if (everyMs !== undefined) this.sendEvery(everyMs, performance.now());
    else for (let n = 0; n < inFlight; n += 1) this.send();
  }

  /** Scheduled by the clock and not by the last ack, so that a slow answer does not reduce the load. */
  private sendEvery(ms: number, due: number): void {
    if (this.ledger.isStopping) return;
    this.send();
    setTimeout(() => this.sendEvery(ms, due + ms), Math.max(0, due + ms - performance.now()));
  }

  private send(): void {
    const { ledger, record } = this;
    const index = ledger.sentAt.length;
    const input = { roomId: record.roomId, clientMessageId: ledger.keyOf(index), text: TEXT };
    ledger.sentAt.push(performance.now());
    ledger.underWay += 1;
    this.wire.send(`42${index}["send_message",${JSON.stringify(input)}]`);
  }

  private take(packet: Buffer): void {
    if (packet[0] === FOUR && packet[1] === TWO) {
      if (startsWith(packet, ANNOUNCEMENT)) this.hear(packet);
      return;
    }
    const isAck = packet[0] === FOUR && packet[1] === THREE && !(packet[2] === ZERO && packet[3] === BRACKET);
    if (isAck) this.acknowledge(packet);
    else this.arrive(packet.toString("utf8"));
  }

  /** Handles the answers before the load starts: open, connected, joined. */
  private arrive(text: string): void {
    if (text.startsWith("0")) this.wire.send(`40${JSON.stringify({ token: this.wanted.token })}`);
    else if (text.startsWith("40") && !this.job.join) this.settle.enter();
    else if (text.startsWith("40")) this.wire.send(`420["join_room",${JSON.stringify({ roomId: this.record.roomId })}]`);
    else if (text.startsWith('430[{"ok":true'))
      this.joinedAt((JSON.parse(text.slice(3)) as [{ data: { lastSeq: number } }])[0].data.lastSeq);
    else if (text.startsWith("44") || text.startsWith("43")) this.settle.fail(new Error(`refused: ${text.slice(0, 200)}`));
  }

  private joinedAt(seq: number): void {
    this.seq = seq;
    if (seq > this.record.lastSeq) this.record.startAt(seq);
    this.settle.enter();
  }

  private acknowledge(packet: Buffer): void {
    const { ledger, record } = this;
    ledger.frames += 1;
    const now = performance.now();
    const { value: index, end } = numberAt(packet, 2);
    ledger.underWay -= 1;
    if (!startsWith(packet, GRANTED, end)) return void ledger.faults.push(`refused: ${packet.toString("utf8", end, end + 200)}`);
    const seq = numberAt(packet, packet.indexOf(SEQ, end) + SEQ.length).value;
    const ofRoom = ledger.acknowledged.get(record) ?? new Map<number, string>();
    ledger.acknowledged.set(record, ofRoom.set(seq, ledger.keyOf(index)));
    ledger.highest.set(record, Math.max(seq, ledger.highest.get(record) ?? 0));
    if (now >= ledger.from && now <= ledger.to) ledger.ackTimes.push(now - (ledger.sentAt[index] ?? now));
    if (!ledger.isStopping && this.job.everyMs === undefined) this.send();
  }

  private hear(packet: Buffer): void {
    this.ledger.frames += 1;
    const known = this.record.announced[this.position];
    if (known === undefined || known.bytes.equals(packet)) this.hearNext(known ?? this.record.append(packet));
    else this.hearOtherwise(packet);
  }

  private hearNext(entry: Announced): void {
    this.position += 1;
    this.seq = entry.toSeq;
    if (this.wanted.isSampler) this.sample(entry);
  }

  /** Handles a frame that is split differently than for other recipients: allowed if nothing is skipped or repeated. */
  private hearOtherwise(packet: Buffer): void {
    const { fromSeq, toSeq } = readAnnouncement(packet);
    if (fromSeq > this.seq) this.ledger.faults.push(`${this.record.roomId}: a receiver at ${this.seq} was told from ${fromSeq} on`);
    if (toSeq <= this.seq) return void this.ledger.faults.push(`${this.record.roomId}: a receiver at ${this.seq} was told ${toSeq} again`);
    this.seq = toSeq;
    const next = this.record.announced.findIndex((entry) => entry.toSeq > toSeq);
    this.position = next === -1 ? this.record.announced.length : next;
  }

  private sample({ indexes }: Announced): void {
    const { ledger } = this;
    const now = performance.now();
    if (now < ledger.from || now > ledger.to) return;
    for (const index of indexes) ledger.receiptTimes.push(now - (ledger.sentAt[index] ?? now));
  }

  private lose(reason: string): void {
    this.settle.fail(new Error(reason));
    this.ledger.faults.push(`a socket was lost: ${reason}`);
  }
}
