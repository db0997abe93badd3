import { createServer } from "node:http";
import { Server } from "socket.io";
import type { ServerToClient } from "../../../utils/contract/events.ts";
import type { LiveMessageDto } from "../../../utils/contract/schemas/messages.ts";

/**
 * The control: a bare Socket.IO server with the same engine settings and the same payloads, one frame per message, and an ack to the
 * sender. No database, sign-in, limits or checks.
 */
type Sent = { roomId: string; clientMessageId: string; text: string };

type Rooms = {
  join_room: (input: { roomId: string }, ack: (answer: unknown) => void) => void;
  send_message: (input: Sent, ack: (answer: unknown) => void) => void;
};

const http = createServer();
const io = new Server<Rooms, ServerToClient>(http, { transports: ["websocket"], perMessageDeflate: false, serveClient: false });
const heads = new Map<string, number>();

const messageOf = ({ roomId, clientMessageId, text }: Sent, authorId: string, seq: number): LiveMessageDto => ({
  id: clientMessageId,
  roomId,
  seq,
  changedSeq: seq,
  clientMessageId,
  author: { id: authorId, displayName: "Guest of the bench", avatarUrl: null, kind: "guest", role: "guest" },
  text,
  languageCode: null,
  replyTo: null,
  attachments: [],
  reactions: [],
  mentions: [],
  pinnedAt: null,
  moderation: "approved",
  createdAt: new Date().toISOString(),
  editedAt: null,
  deletedAt: null,
});

io.on("connection", (socket) => {
  const { token } = socket.handshake.auth as { token: string };
  socket.on("join_room", ({ roomId }, ack) => {
    void socket.join(roomId);
    ack({ ok: true, data: { lastSeq: heads.get(roomId) ?? 0 } });
  });
  socket.on("send_message", (input, ack) => {
    const seq = (heads.get(input.roomId) ?? 0) + 1;
    heads.set(input.roomId, seq);
    const message = messageOf(input, token, seq);
    io.to(input.roomId).emit("messages_changed", {
      roomId: input.roomId,
      epoch: "bare",
      fromSeq: seq - 1,
      toSeq: seq,
      messages: [message],
    });
    ack({ ok: true, data: { message } });
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1", () => process.send?.("listening"));
process.on("SIGTERM", () => process.exit(0));
process.on("disconnect", () => process.exit(0));
