import type { ErrorCode, Problem } from "../../utils/contract/errors.ts";
import type { ServerEventPayload } from "../../utils/contract/events.ts";
import { roomChannel, SLOW_CHANNEL, sessionChannel, userChannel } from "./channels.ts";
import type { ChatServer, ChatSocket } from "./io.ts";

/** Tells facts to the sockets of this node, one method a fact. Nothing is told that is not committed. */
export type Publisher = {
  /** To everybody in the room, or to these people wherever they are. */
  messagesChanged(payload: ServerEventPayload<"messages_changed">, to: readonly string[] | null): void;
  /** To all sockets of its author. */
  messageQueuedForReview(authorId: string, payload: ServerEventPayload<"message_held">): void;
  /** To one person, as they see it. */
  conversationChanged(userId: string, payload: ServerEventPayload<"conversation_changed">): void;
  conversationLeft(userId: string, payload: ServerEventPayload<"conversation_left">): void;
  readChanged(userIds: readonly string[], payload: ServerEventPayload<"read_changed">): void;
  userJoined(payload: ServerEventPayload<"user_joined">): void;
  userLeft(payload: ServerEventPayload<"user_left">): void;
  /** To everybody in the room, or to one member of a conversation. */
  userTyping(payload: ServerEventPayload<"user_typing">, to: string | null): void;
  /** To one person who knows others from conversations. */
  presenceChangedFor(userId: string, payload: ServerEventPayload<"presence_changed">): void;
  /** To everybody in one of the rooms, once each. */
  presenceChanged(roomIds: string[], payload: ServerEventPayload<"presence_changed">): void;
  /** To everybody in one of the rooms, to these people, and to the person's own sockets, once each; these speak under the new name from now on. */
  userChanged(to: { roomIds: readonly string[]; userIds: readonly string[] }, payload: ServerEventPayload<"user_changed">): void;
  /** To all sockets of one person. */
  notificationCreated(userId: string, payload: ServerEventPayload<"notification_created">): void;
  notificationsRead(userId: string, payload: ServerEventPayload<"notifications_read">): void;
  /** Publishes a star, or its removal, to all sockets of one person. */
  starChanged(userId: string, payload: ServerEventPayload<"star_changed">): void;
  notificationPreferencesChanged(userId: string, payload: ServerEventPayload<"notification_preferences_changed">): void;
  /** Cuts the lines of somebody who may do less than before: their clients come in again, as far as they still may. */
  privilegesReduced(userId: string): void;
  /** Tells the sockets of a session why it is over, and cuts them. */
  sessionEnded(sessionId: string, code: ErrorCode): void;
  serverDraining(payload: ServerEventPayload<"server_draining">): void;
};

/** Words a refusal for one socket, in its language. */
export type LocalizeProblem = (code: ErrorCode, socket: ChatSocket) => Problem;

/** Says goodbye to one socket with the reason, then cuts its line. */
export function endSocket(socket: ChatSocket, problem: Problem): void {
  socket.emit("session_ended", problem);
  socket.disconnect(true);
}

/** The sockets of a channel on this node, as they are now. */
const socketsIn = (io: ChatServer, channel: string): ChatSocket[] =>
  [...(io.of("/").adapter.rooms.get(channel) ?? [])].flatMap((id) => io.sockets.sockets.get(id) ?? []);

export function createPublisher(io: ChatServer, word: LocalizeProblem): Publisher {
  /** What passes by itself is not kept for those who are behind already. */
  const briefly = (...channels: string[]) => io.to(channels).except(SLOW_CHANNEL);
  return {
    messagesChanged(payload, to) {
      if (to?.length !== 0) io.to(to === null ? roomChannel(payload.roomId) : to.map(userChannel)).emit("messages_changed", payload);
    },
    messageQueuedForReview: (authorId, payload) => void io.to(userChannel(authorId)).emit("message_held", payload),
    conversationChanged: (userId, payload) => void io.to(userChannel(userId)).emit("conversation_changed", payload),
    conversationLeft: (userId, payload) => void io.to(userChannel(userId)).emit("conversation_left", payload),
    readChanged(userIds, payload) {
      if (userIds.length > 0) io.to(userIds.map(userChannel)).emit("read_changed", payload);
    },
    userJoined: (payload) => void briefly(roomChannel(payload.roomId)).emit("user_joined", payload),
    userLeft: (payload) => void briefly(roomChannel(payload.roomId)).emit("user_left", payload),
    userTyping: (payload, to) => void briefly(to === null ? roomChannel(payload.roomId) : userChannel(to)).emit("user_typing", payload),
    presenceChangedFor(userId, payload) {
      // Most are not here, and what nobody hears is not worth its encoding.
      if (io.of("/").adapter.rooms.has(userChannel(userId))) briefly(userChannel(userId)).emit("presence_changed", payload);
    },
    presenceChanged: (roomIds, payload) => {
      if (roomIds.length > 0) briefly(...roomIds.map(roomChannel)).emit("presence_changed", payload);
    },
    userChanged({ roomIds, userIds }, payload) {
      for (const socket of socketsIn(io, userChannel(payload.user.id))) socket.data.author = payload.user;
      io.to([userChannel(payload.user.id), ...userIds.map(userChannel), ...roomIds.map(roomChannel)]).emit("user_changed", payload);
    },
    notificationCreated: (userId, payload) => void io.to(userChannel(userId)).emit("notification_created", payload),
    notificationsRead: (userId, payload) => void io.to(userChannel(userId)).emit("notifications_read", payload),
    starChanged: (userId, payload) => void io.to(userChannel(userId)).emit("star_changed", payload),
    notificationPreferencesChanged: (userId, payload) => void io.to(userChannel(userId)).emit("notification_preferences_changed", payload),
    privilegesReduced(userId) {
      for (const socket of socketsIn(io, userChannel(userId))) socket.conn.close();
    },
    sessionEnded(sessionId, code) {
      for (const socket of socketsIn(io, sessionChannel(sessionId))) endSocket(socket, word(code, socket));
    },
    serverDraining: (payload) => void io.emit("server_draining", payload),
  };
}
