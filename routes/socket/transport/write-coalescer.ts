import type { ChatSocket } from "../../../services/realtime/io.ts";
import { clearBacklog, measureBacklog, type SlowConsumerPolicy, type WithBacklog } from "./backlog.ts";
import { ChunkedText } from "./chunked-text.ts";
import { frameOf } from "./ws-frame.ts";

/** A packet that Engine.IO keeps for a connection until it is written. */
export type EnginePacket = { type: string; data?: unknown; options?: { compress?: boolean; wsPreEncodedFrame?: Buffer[] } };

type Network = {
  readonly writableLength: number;
  write(bytes: Buffer, sent?: (error?: Error) => void): boolean;
  cork(): void;
  uncork(): void;
};

type Transport = {
  readonly name: string;
  writable: boolean;
  readonly socket?: { readonly readyState: number; readonly _socket?: Network };
  /** Signals that everything was written, and that more packets are accepted. */
  readonly _onSentLast?: (error?: Error) => void;
};

/** The parts of Engine.IO's connection that decide when it writes; they are not in its types. */
export type Engine = WithBacklog & {
  flush(): void;
  emit(event: "drain"): boolean;
  readonly readyState: string;
  writeBuffer: EnginePacket[];
  readonly packetsFn: readonly unknown[];
  readonly transport: Transport;
};

const WS_OPEN = 1;
const EMPTY = Buffer.alloc(0);

/** Whether a connection still accepts packets. */
export const isOpen = ({ readyState }: Engine): boolean => readyState !== "closing" && readyState !== "closed";

/** Returns the frame of a text message packet in one or more chunks. A broadcast to several rooms consists of head and body. */
function frameOfPacket({ type, data, options }: EnginePacket): Buffer[] | undefined {
  const parts = options?.wsPreEncodedFrame;
  if (parts !== undefined) return parts;
  if (data instanceof ChunkedText) return data.toFrame();
  return type === "message" && typeof data === "string" ? [frameOf(data)] : undefined;
}

/** Larger chunks are passed to the system without copying: a copy for each of many clients would exhaust the memory. */
const COPIED_BYTES = 64 * 1024;

/** Writes all chunks as one write. */
function writeChunks(network: Network, chunks: readonly Buffer[]): void {
  if (chunks.length > 1 && chunks.some(({ length }) => length > COPIED_BYTES)) {
    network.cork();
    for (const chunk of chunks) network.write(chunk);
    network.uncork();
  } else network.write(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
}

/** Returns the network socket of a WebSocket connection without unsent data. */
function idleNetwork({ readyState, transport, packetsFn }: Engine): Network | undefined {
  const isIdle = readyState !== "closed" && transport.name === "websocket" && transport.writable && packetsFn.length === 0;
  return isIdle && transport.socket?.readyState === WS_OPEN ? transport.socket._socket : undefined;
}

/**
 * Writes all queued packets of a connection as one network write. The connection only waits if the network does not accept the data at
 * once: for a usual write, the code path through Engine.IO and ws costs as much as the system call itself.
 */
function flushNow(engine: Engine): void {
  const network = idleNetwork(engine);
  const frames = network === undefined ? [] : engine.writeBuffer.map(frameOfPacket);
  if (network === undefined || !isWhole(frames)) {
    const { flush } = Object.getPrototypeOf(engine) as Engine;
    flush.call(engine);
    return;
  }
  engine.writeBuffer = [];
  writeChunks(network, frames.flat());
  if (network.writableLength > 0) {
    engine.transport.writable = false;
    network.write(EMPTY, engine.transport._onSentLast);
  }
  // Closing a connection waits for this event, so that its last packets are not lost.
  engine.emit("drain");
}

const isWhole = (frames: (Buffer[] | undefined)[]): frames is Buffer[][] => !frames.includes(undefined);

/**
 * Makes connections write once per iteration of the event loop instead of once per packet: an author's ack and the message for the room
 * are sent together. Writing is the greatest cost of a message. The backlog of a connection that is not writable is measured in the same
 * iteration, so that a client that does not read cannot exceed the limit of the buffer.
 */
export function createWriteCoalescer(policy: SlowConsumerPolicy): (socket: ChatSocket) => void {
  let waiting = new Set<Engine>();

  function flushAll(): void {
    const batch = waiting;
    waiting = new Set();
    for (const engine of batch) {
      if (!engine.transport.writable) measureBacklog(engine, policy);
      else {
        if (engine.backlog !== null) clearBacklog(engine, policy);
        flushNow(engine);
      }
    }
  }

  /** One function for all connections, so that ten thousand idle ones need no closures. */
  function flush(this: Engine): void {
    if (this.writeBuffer.length === 0) return;
    if (waiting.size === 0) setImmediate(flushAll);
    waiting.add(this);
  }

  return (socket) => void Object.assign(socket.conn, { flush, chatSocket: socket, backlog: null });
}
