import type { ChatSocket } from "../../../services/realtime/io.ts";
import { clearBacklog, type Laden, measureBacklog, type SlowConsumerPolicy } from "./backlog.ts";
import { ChunkedText } from "./chunked-text.ts";
import { frameOf } from "./ws-frame.ts";

/** What Engine.IO keeps for a connection until it is written. */
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
  /** Says that all is written, and that more may come. */
  readonly _onSentLast?: (error?: Error) => void;
};

/** The parts of Engine.IO's connection that decide when it writes; they are not in its types. */
export type Engine = Laden & {
  flush(): void;
  emit(event: "drain"): boolean;
  readonly readyState: string;
  writeBuffer: EnginePacket[];
  readonly packetsFn: readonly unknown[];
  readonly transport: Transport;
};

const WS_OPEN = 1;
const NOTHING = Buffer.alloc(0);

/** Whether a connection still takes packets. */
export const isOpen = ({ readyState }: Engine): boolean => readyState !== "closing" && readyState !== "closed";

/** The frame of a packet in one or more pieces, if it is a text message. What goes to several rooms comes as head and body. */
function frameOfPacket({ type, data, options }: EnginePacket): Buffer[] | undefined {
  const parts = options?.wsPreEncodedFrame;
  if (parts !== undefined) return parts;
  if (data instanceof ChunkedText) return data.toFrame();
  return type === "message" && typeof data === "string" ? [frameOf(data)] : undefined;
}

/** Larger bytes are handed to the system where they lie: a copy for each of many clients would fill the memory. */
const COPIED_BYTES = 64 * 1024;

/** Everything as one write. */
function writeChunks(network: Network, pieces: readonly Buffer[]): void {
  if (pieces.length > 1 && pieces.some(({ length }) => length > COPIED_BYTES)) {
    network.cork();
    for (const piece of pieces) network.write(piece);
    network.uncork();
  } else network.write(pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces));
}

/** The line below a connection, if it is a WebSocket that took everything so far. */
function idleNetwork({ readyState, transport, packetsFn }: Engine): Network | undefined {
  const isIdle = readyState !== "closed" && transport.name === "websocket" && transport.writable && packetsFn.length === 0;
  return isIdle && transport.socket?.readyState === WS_OPEN ? transport.socket._socket : undefined;
}

/**
 * Everything a connection has to say, as one write to the network. Only what the network does not take at once makes the
 * connection wait: for the usual write Engine.IO's and ws's way there and back costs as much as the system's call itself.
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
    network.write(NOTHING, engine.transport._onSentLast);
  }
  // Who closes a connection waits for this, so that its last words are not lost.
  engine.emit("drain");
}

const isWhole = (frames: (Buffer[] | undefined)[]): frames is Buffer[][] => !frames.includes(undefined);

/**
 * Makes connections write once a turn of the event loop instead of once a packet: an author's ack and the message that the
 * room hears go out together. Writing is the greatest cost of a message. What a line cannot take is weighed in the same turn,
 * so that nobody who does not read makes the server keep more than the limit.
 */
export function createWriteCoalescer(care: SlowConsumerPolicy): (socket: ChatSocket) => void {
  let waiting = new Set<Engine>();

  function flushAll(): void {
    const turn = waiting;
    waiting = new Set();
    for (const engine of turn) {
      if (!engine.transport.writable) measureBacklog(engine, care);
      else {
        if (engine.backlog !== null) clearBacklog(engine, care);
        flushNow(engine);
      }
    }
  }

  /** One function for all connections: of ten thousand idle ones none pays for it. */
  function flush(this: Engine): void {
    if (this.writeBuffer.length === 0) return;
    if (waiting.size === 0) setImmediate(flushAll);
    waiting.add(this);
  }

  return (socket) => void Object.assign(socket.conn, { flush, chatSocket: socket, backlog: null });
}
