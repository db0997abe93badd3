import type { ChatSocket } from "../../services/realtime/io.ts";

/** The parts of Engine.IO's connection that decide when it writes; they are not in its types. */
type Engine = {
  flush(): void;
  readonly writeBuffer: readonly unknown[];
  readonly transport: { readonly socket?: { readonly _socket?: { cork(): void; uncork(): void } } };
};

/** Everything a connection has to say, as one write to the network. */
function flushAtOnce(engine: Engine): void {
  const { flush } = Object.getPrototypeOf(engine) as Engine;
  const network = engine.writeBuffer.length > 1 ? engine.transport.socket?._socket : undefined;
  network?.cork();
  flush.call(engine);
  network?.uncork();
}

/**
 * Makes connections write once a turn of the event loop instead of once a packet: an author's ack and the message that the
 * room hears go out together. Writing is the greatest cost of a message.
 */
export function createFlusher(): (socket: ChatSocket) => void {
  let waiting = new Set<Engine>();

  function flushAll(): void {
    const turn = waiting;
    waiting = new Set();
    for (const engine of turn) flushAtOnce(engine);
  }

  /** One function for all connections: of ten thousand idle ones none pays for it. */
  function flush(this: Engine): void {
    if (this.writeBuffer.length === 0) return;
    if (waiting.size === 0) setImmediate(flushAll);
    waiting.add(this);
  }

  return ({ conn }) => void Object.assign(conn, { flush });
}
