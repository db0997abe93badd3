import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { Server } from "socket.io";
import { Decoder } from "socket.io-parser";
import type { Deps } from "../../middleware/deps.ts";
import { securityHeaders } from "../../middleware/security.ts";
import { applyInvisibility } from "../../services/presence/apply-invisibility.ts";
import type { ChatServer, ChatSocket } from "../../services/realtime/io.ts";
import type { Config } from "../../utils/config.ts";
import { limits } from "../../utils/contract/limits.ts";
import { isAllowedOrigin } from "../../utils/origin.ts";
import type { Traffic } from "../traffic.ts";
import { type CommandHandlers, listen } from "./command-handler.ts";
import { handshake } from "./handshake.ts";
import { joinedRooms, onRoomLeft } from "./leave.ts";
import { messageCommands } from "./message.ts";
import { presenceCommands } from "./presence.ts";
import { readingCommands } from "./reading.ts";
import { roomCommands } from "./room.ts";
import { sessionCommands } from "./session.ts";
import { OnceEncoder } from "./transport/caching-encoder.ts";
import { OneWriteAdapter } from "./transport/coalescing-adapter.ts";
import { limitConnections } from "./transport/connection-limits.ts";
import { slowConsumerPolicy } from "./transport/slow-consumers.ts";
import { createWriteCoalescer } from "./transport/write-coalescer.ts";
import { createWsEngine } from "./transport/ws-engine.ts";
import { typingCommands } from "./typing.ts";

/** A text of the greatest length in its frame, and not much more. */
const FRAME_BYTES = limits.bodyBytes + 1_024;

/**
 * The Socket.IO server, attached to nothing yet. No per-message deflate: it costs 248 kB a connection and the
 * encode-once of a broadcast. No recovery of connection state: it would skip the authentication.
 */
export function createIo(config: Config, traffic: Traffic): ChatServer {
  return new Server({
    wsEngine: createWsEngine(traffic),
    adapter: OneWriteAdapter,
    parser: { Encoder: OnceEncoder, Decoder },
    path: "/socket.io",
    serveClient: false,
    perMessageDeflate: false,
    httpCompression: false,
    maxHttpBufferSize: FRAME_BYTES,
    connectTimeout: limits.handshakeMs,
    pingInterval: 25_000,
    pingTimeout: 20_000,
    cors: { origin: [...config.corsOrigins], credentials: false },
    allowRequest: (request, decide) =>
      decide(isAllowedOrigin(config, request.headers) ? null : "origin_refused", isAllowedOrigin(config, request.headers)),
  });
}

/** What every command does; none is without its work. */
const runs: CommandHandlers = {
  ...roomCommands,
  ...messageCommands,
  ...typingCommands,
  ...readingCommands,
  ...presenceCommands,
  ...sessionCommands,
};

function onConnect(socket: ChatSocket, { services, metrics }: Deps): void {
  const { author, isInvisible } = socket.data;
  metrics.sockets.inc();
  applyInvisibility(services, author, { isInvisible });
  services.presence.recordHeartbeat(author, socket.id, "online");
  socket.on("disconnecting", () => {
    const rooms = joinedRooms(socket);
    // Under the name they bear now, which may not be the one they came by.
    const { author } = socket.data;
    // Socket.IO empties the rooms after this event; the feed looks at them when it decides what to forget.
    setImmediate(() => {
      for (const roomId of rooms) onRoomLeft(services, author, roomId);
      services.presence.drop(author.id, socket.id);
      metrics.sockets.dec();
    });
  });
}

/**
 * The request a socket came by was looked at when it was let in. Kept, it and the token in it would be a quarter of what an
 * idle connection costs.
 */
function releaseHandshakeData({ conn, handshake }: ChatSocket): void {
  Object.assign(conn, { request: null });
  Object.assign(handshake, { headers: {}, query: {}, auth: {} });
}

/** Puts the commands on every socket that is let in. */
export function attachSockets(http: HttpServer, io: ChatServer, deps: Deps, traffic: Traffic): void {
  handshake(io, deps);
  const gatherWrites = createWriteCoalescer(slowConsumerPolicy(deps));
  io.on("connection", (socket) => {
    releaseHandshakeData(socket);
    gatherWrites(socket);
    onConnect(socket, deps);
    listen({ socket, deps }, runs);
  });
  io.attach(http);
  const headers = securityHeaders(deps.config);
  io.engine.use((req: IncomingMessage, res: ServerResponse, next: () => void) => {
    // Answers over polling are HTTP like any other.
    if (req.headers.upgrade === undefined) return headers(req, res, next);
    // A line that is being upgraded is never answered so, but Engine.IO keeps this as long as the line.
    Object.assign(res, { req: null });
    next();
  });
  limitConnections(io, deps.config.limitsScale, traffic);
}
