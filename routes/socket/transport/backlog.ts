import type { ChatSocket } from "../../../services/realtime/io.ts";
import { limits } from "../../../utils/contract/limits.ts";

/** What is done about a client that reads too slowly. */
export type SlowConsumerPolicy = {
  /** So much waits that it is to be told of messages only. */
  fellBehind(socket: ChatSocket): void;
  /** It has taken all that waited. */
  caughtUp(socket: ChatSocket): void;
  /** More waits than is kept for anybody. */
  overflowed(socket: ChatSocket): void;
};

/** What waits for a client whose line is not ready: how many packets of it were weighed, and what they weigh. */
type Backlog = { packets: number; bytes: number; isBehind: boolean; isOver: boolean };

/** A connection with what waits on it. Both are put there by us. */
export type Laden = { readonly chatSocket: ChatSocket; backlog: Backlog | null };

type Waiting = Laden & { readonly writeBuffer: readonly { readonly data?: unknown }[] };

const bytesOf = (data: unknown): number => (data as { length?: number } | undefined)?.length ?? 0;

/** Weighs what came to wait since the last look, each packet once, and does what is due. */
export function measureBacklog(engine: Waiting, care: SlowConsumerPolicy): void {
  engine.backlog ??= { packets: 0, bytes: 0, isBehind: false, isOver: false };
  const { backlog, writeBuffer } = engine;
  if (backlog.isOver) return;
  for (; backlog.packets < writeBuffer.length; backlog.packets += 1) backlog.bytes += bytesOf(writeBuffer[backlog.packets]?.data);
  if (backlog.bytes > limits.sendBufferBytes) {
    backlog.isOver = true;
    care.overflowed(engine.chatSocket);
  } else if (backlog.bytes > limits.slowBufferBytes && !backlog.isBehind) {
    backlog.isBehind = true;
    care.fellBehind(engine.chatSocket);
  }
}

/** The line is ready for all that waited. */
export function clearBacklog(engine: Laden, care: SlowConsumerPolicy): void {
  const { backlog, chatSocket } = engine;
  engine.backlog = null;
  if (backlog?.isBehind && !backlog.isOver) care.caughtUp(chatSocket);
}
