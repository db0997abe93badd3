import type { Server as HttpServer, IncomingMessage, ServerResponse } from "node:http";
import { Server } from "socket.io";
import { Decoder } from "socket.io-parser";
import type { Deps } from "../../middleware/deps.ts";
import { securityHeaders } from "../../middleware/security.ts";
import { applyInvisibility } from "../../services/presence/apply-invisibility.ts";
import type { ChatServer, ChatSocket } from "../../services/realtime/io.ts";
import { joinedRooms, onRoomLeft } from "../../services/realtime/leave-room.ts";
import type { Config } from "../../utils/config.ts";
import { limits } from "../../utils/contract/limits.ts";
import { isAllowedOrigin } from "../../utils/origin.ts";
import type { Traffic } from "../traffic.ts";
import { type CommandHandlers, listen } from "./command-handler.ts";
import { handshake } from "./handshake.ts";
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

/** Enough for the longest text in its frame, with a small margin. */
const FRAME_BYTES = limits.bodyBytes + 1_024;

/**
 * Creates the Socket.IO server, not attached yet. Per-message deflate is off: it costs 248 kB per connection and prevents encoding a
 * broadcast once. Connection state recovery is off: it would skip the authentication.
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

/** The handlers of all commands; every command has one. */
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
    // The author's current name may differ from the one at connection time.
    const { author } = socket.data;
    // Socket.IO empties the rooms after this event; the room broadcaster reads them when it decides which room state to drop.
    setImmediate(() => {
      for (const roomId of rooms) onRoomLeft(services, author, roomId);
      services.presence.drop(author.id, socket.id);
      metrics.sockets.dec();
    });
  });
}

/**
 * Releases the handshake request, which was checked when the socket was accepted. The request and its token would be a quarter of the
 * memory of an idle connection.
 */
function releaseHandshakeData({ conn, handshake }: ChatSocket): void {
  Object.assign(conn, { request: null });
  Object.assign(handshake, { headers: {}, query: {}, auth: {} });
}

/** Registers the command handlers on every accepted socket. */
export function attachSockets(http: HttpServer, io: ChatServer, deps: Deps, traffic: Traffic): void {
  handshake(io, deps);
  const coalesceWrites = createWriteCoalescer(slowConsumerPolicy(deps));
  io.on("connection", (socket) => {
    releaseHandshakeData(socket);
    coalesceWrites(socket);
    onConnect(socket, deps);
    listen({ socket, deps }, runs);
  });
  io.attach(http);
  const headers = securityHeaders(deps.config);
  io.engine.use((req: IncomingMessage, res: ServerResponse, next: () => void) => {
    // Responses over polling are ordinary HTTP responses.
    if (req.headers.upgrade === undefined) return headers(req, res, next);
    // An upgrade is never answered through this response, but Engine.IO keeps it as long as the connection.
    Object.assign(res, { req: null });
    next();
  });
  limitConnections(io, deps.config.limitsScale, traffic);
}
