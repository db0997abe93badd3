import type { ErrorCode, Problem } from "../../utils/contract/errors.ts";
import type { FactPayload } from "../../utils/contract/events.ts";
import { roomChannel, sessionChannel } from "./channels.ts";
import type { ChatServer, ChatSocket } from "./io.ts";

/** Tells facts to the sockets of this node, one method a fact. Nothing is told that is not committed. */
export type Publisher = {
  messagesChanged(payload: FactPayload<"messages_changed">): void;
  userJoined(payload: FactPayload<"user_joined">): void;
  userLeft(payload: FactPayload<"user_left">): void;
  userTyping(payload: FactPayload<"user_typing">): void;
  /** To everybody in one of the rooms, once each. */
  presenceChanged(roomIds: string[], payload: FactPayload<"presence_changed">): void;
  /** Tells the sockets of a session why it is over, and cuts them. */
  sessionEnded(sessionId: string, code: ErrorCode): void;
  serverDraining(payload: FactPayload<"server_draining">): void;
};

/** Words a refusal for one socket, in its language. */
export type WordRefusal = (code: ErrorCode, socket: ChatSocket) => Problem;

/** Says goodbye to one socket with the reason, then cuts its line. */
export function endSocket(socket: ChatSocket, problem: Problem): void {
  socket.emit("session_ended", problem);
  socket.disconnect(true);
}

export function createPublisher(io: ChatServer, word: WordRefusal): Publisher {
  return {
    messagesChanged: (payload) => void io.to(roomChannel(payload.roomId)).emit("messages_changed", payload),
    userJoined: (payload) => void io.to(roomChannel(payload.roomId)).emit("user_joined", payload),
    userLeft: (payload) => void io.to(roomChannel(payload.roomId)).emit("user_left", payload),
    userTyping: (payload) => void io.to(roomChannel(payload.roomId)).emit("user_typing", payload),
    presenceChanged: (roomIds, payload) => {
      if (roomIds.length > 0) io.to(roomIds.map(roomChannel)).emit("presence_changed", payload);
    },
    sessionEnded(sessionId, code) {
      const ids = io.of("/").adapter.rooms.get(sessionChannel(sessionId)) ?? [];
      for (const id of [...ids]) {
        const socket = io.sockets.sockets.get(id);
        if (socket) endSocket(socket, word(code, socket));
      }
    },
    serverDraining: (payload) => void io.emit("server_draining", payload),
  };
}
