import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type ServerOptions, type WebSocket, WebSocketServer } from "ws";
import type { DisconnectReason, Traffic } from "../../traffic.ts";
import type { InflowKind } from "./inflow.ts";

/** How long a connection that was closed for a limit may take to read the reason. Nothing more is read from it meanwhile. */
const CLOSE_GRACE_MS = 1_000;

/** RFC 6455, 7.4.1: the message violates the policy of the server. */
const POLICY_VIOLATION = 1008;

/**
 * Limits for the number of fragments and TCP segments of one message, sufficient for the largest message. Without them, empty fragments
 * and segments of one byte each would use far more memory and CPU than their bytes.
 */
const OPTIONS = { autoPong: false, maxFragments: 128, maxBufferedChunks: 1_024, closeTimeout: 5_000 };

/** Stops reading, and ends the connection whether the client answers the close frame or not. */
function endSoon(ws: WebSocket): void {
  ws.pause();
  setTimeout(() => ws.terminate(), CLOSE_GRACE_MS).unref();
}

const REASONS: Record<InflowKind, DisconnectReason> = { packets: "packets", bytes: "bytes", controlFrames: "control_frames" };

/** Answers pings with at most one pong in flight: of several pings only the newest must be answered (RFC 6455, 5.5.3). */
function createPonger(ws: WebSocket): (data: Buffer) => void {
  let newest: Buffer | null = null;
  let isSending = false;
  const sendNewest = (): void => {
    const data = newest;
    newest = null;
    isSending = data !== null;
    if (data !== null) ws.pong(data, false, sendNewest);
  };
  return (data) => {
    newest = data;
    if (!isSending) sendNewest();
  };
}

/** Sends the reason in the close frame, and ends the connection. Data that is already parsed or still buffered is discarded. */
function closeForLimit(ws: WebSocket, reason: DisconnectReason): void {
  for (const event of ["message", "ping", "pong"]) ws.removeAllListeners(event);
  ws.close(POLICY_VIOLATION, `limit exceeded: ${reason}`);
  endSoon(ws);
}

/**
 * Measures everything a WebSocket receives: bytes before they are parsed, and each frame. Engine.IO only sees complete messages, and no
 * control frames.
 */
function limitInflow(ws: WebSocket, socket: Duplex, subscriber: string, traffic: Traffic): void {
  const inflow = traffic.inflow.open(subscriber);
  // Browsers send no pings, so most connections never need it.
  let pong: ReturnType<typeof createPonger> | undefined;
  let isClosed = false;
  function isWithin(kind: InflowKind, amount: number): boolean {
    if (isClosed || !inflow.exceeds(kind, amount)) return !isClosed;
    isClosed = true;
    traffic.recordDisconnect(subscriber, REASONS[kind]);
    closeForLimit(ws, REASONS[kind]);
    return false;
  }
  socket.prependListener("data", (chunk: Buffer) => isWithin("bytes", chunk.length));
  ws.on("message", () => isWithin("packets", 1));
  ws.on("pong", () => isWithin("controlFrames", 1));
  ws.on("ping", (data) => {
    if (!isWithin("controlFrames", 1)) return;
    pong ??= createPonger(ws);
    pong(data);
  });
  ws.once("error", () => {
    if (isClosed) return;
    isClosed = true;
    traffic.recordDisconnect(subscriber, "protocol");
    // ws has sent the close frame, and would read and discard data for as long as the client takes to answer.
    setImmediate(() => endSoon(ws));
  });
  ws.once("close", () => inflow.close());
}

/** Creates the WebSocket server class for Engine.IO, whose connections are limited from their first byte. */
export function createWsEngine(traffic: Traffic): typeof WebSocketServer {
  return class LimitedWebSocketServer extends WebSocketServer {
    constructor(options: ServerOptions) {
      super({ ...options, ...OPTIONS });
    }

    override handleUpgrade(
      request: IncomingMessage,
      socket: Duplex,
      head: Buffer,
      done: (ws: WebSocket, request: IncomingMessage) => void,
    ): void {
      super.handleUpgrade(request, socket, head, (ws, upgraded) => {
        limitInflow(ws, socket, traffic.subscriberOf(request), traffic);
        done(ws, upgraded);
      });
    }
  } as unknown as typeof WebSocketServer;
}
