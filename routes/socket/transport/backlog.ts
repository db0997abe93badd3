import type { ChatSocket } from "../../../services/realtime/io.ts";
import { limits } from "../../../utils/contract/limits.ts";

/** How to handle a client that reads too slowly. */
export type SlowConsumerPolicy = {
  /** The backlog is so large that the client only receives messages. */
  fellBehind(socket: ChatSocket): void;
  /** The client has received the whole backlog. */
  caughtUp(socket: ChatSocket): void;
  /** The backlog exceeds the maximum. */
  overflowed(socket: ChatSocket): void;
};

/** The backlog of a connection that is not ready: how many packets were measured, and their size. */
type Backlog = { packets: number; bytes: number; isBehind: boolean; isOver: boolean };

/** A connection with its backlog. Both properties are added by us. */
export type WithBacklog = { readonly chatSocket: ChatSocket; backlog: Backlog | null };

type Waiting = WithBacklog & { readonly writeBuffer: readonly { readonly data?: unknown }[] };

const bytesOf = (data: unknown): number => (data as { length?: number } | undefined)?.length ?? 0;

/** Measures the packets that were queued since the last call, each packet once, and applies the policy. */
export function measureBacklog(engine: Waiting, policy: SlowConsumerPolicy): void {
  engine.backlog ??= { packets: 0, bytes: 0, isBehind: false, isOver: false };
  const { backlog, writeBuffer } = engine;
  if (backlog.isOver) return;
  for (; backlog.packets < writeBuffer.length; backlog.packets += 1) backlog.bytes += bytesOf(writeBuffer[backlog.packets]?.data);
  if (backlog.bytes > limits.sendBufferBytes) {
    backlog.isOver = true;
    policy.overflowed(engine.chatSocket);
  } else if (backlog.bytes > limits.slowBufferBytes && !backlog.isBehind) {
    backlog.isBehind = true;
    policy.fellBehind(engine.chatSocket);
  }
}

/** Resets the backlog once the connection is ready for everything that waited. */
export function clearBacklog(engine: WithBacklog, policy: SlowConsumerPolicy): void {
  const { backlog, chatSocket } = engine;
  engine.backlog = null;
  if (backlog?.isBehind && !backlog.isOver) policy.caughtUp(chatSocket);
}
