import type { ErrorCode, ErrorData, Problem } from "../../utils/contract/errors.ts";
import type { ServerEventPayload } from "../../utils/contract/events.ts";
import { roomChannel, SLOW_CHANNEL, sessionChannel, userChannel } from "./channels.ts";
import type { ChatServer, ChatSocket } from "./io.ts";

/** Publishes events to the sockets of this node, one method per event. Only committed changes are published. */
export type Publisher = {
  /** Publishes to everyone in the room, or to these users on all sockets. */
  messagesChanged(payload: ServerEventPayload<"messages_changed">, to: readonly string[] | null): void;
  /** Publishes to all sockets of its author. */
  messageQueuedForReview(authorId: string, payload: ServerEventPayload<"message_held">): void;
  /** Publishes to one user, with their own view. */
  conversationChanged(userId: string, payload: ServerEventPayload<"conversation_changed">): void;
  conversationLeft(userId: string, payload: ServerEventPayload<"conversation_left">): void;
  readChanged(userIds: readonly string[], payload: ServerEventPayload<"read_changed">): void;
  userJoined(payload: ServerEventPayload<"user_joined">): void;
  userLeft(payload: ServerEventPayload<"user_left">): void;
  /** Publishes to everyone in the room, or to one member of a conversation. */
  userTyping(payload: ServerEventPayload<"user_typing">, to: string | null): void;
  /** Publishes to one user who shares conversations with the changed users. */
  presenceChangedFor(userId: string, payload: ServerEventPayload<"presence_changed">): void;
  /** Publishes to everyone in one of the rooms, once each. */
  presenceChanged(roomIds: string[], payload: ServerEventPayload<"presence_changed">): void;
  /**
   * Publishes to everyone in one of the rooms, to these users, and to the changed user's own sockets, once each; these use the new name
   * from now on.
   */
  userChanged(to: { roomIds: readonly string[]; userIds: readonly string[] }, payload: ServerEventPayload<"user_changed">): void;
  /** Publishes to all sockets of one user. */
  notificationCreated(userId: string, payload: ServerEventPayload<"notification_created">): void;
  notificationsRead(userId: string, payload: ServerEventPayload<"notifications_read">): void;
  /** Publishes a star, or its removal, to all sockets of one user. */
  starChanged(userId: string, payload: ServerEventPayload<"star_changed">): void;
  notificationPreferencesChanged(userId: string, payload: ServerEventPayload<"notification_preferences_changed">): void;
  /** Closes the connections of a user with reduced privileges: their clients reconnect with the remaining rights. */
  privilegesReduced(userId: string): void;
  /** Publishes an action to all sockets of the user it concerns. */
  moderationApplied(userId: string, payload: ServerEventPayload<"moderation_applied">): void;
  moderationReverted(userId: string, payload: ServerEventPayload<"moderation_reverted">): void;
  /** Publishes a case to the staff who may see it. */
  caseChanged(userIds: readonly string[], payload: ServerEventPayload<"case_changed">): void;
  /** Sends the sockets of a session the reason for its end, and disconnects them. */
  sessionEnded(sessionId: string, code: ErrorCode, data?: ErrorData): void;
  serverDraining(payload: ServerEventPayload<"server_draining">): void;
};

/** Builds a problem object in the language of one socket. */
export type LocalizeProblem = (code: ErrorCode, socket: ChatSocket, data?: ErrorData) => Problem;

/** Sends a socket the reason, then disconnects it. */
export function endSocket(socket: ChatSocket, problem: Problem): void {
  socket.emit("session_ended", problem);
  socket.disconnect(true);
}

/** Returns the current sockets of a channel on this node. */
export const socketsIn = (io: ChatServer, channel: string): ChatSocket[] =>
  [...(io.of("/").adapter.rooms.get(channel) ?? [])].flatMap((id) => io.sockets.sockets.get(id) ?? []);

export function createPublisher(io: ChatServer, localizeProblem: LocalizeProblem): Publisher {
  /** Selects channels without slow consumers, for events that become obsolete on their own. */
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
      // Most recipients are not connected here, and an event without recipients should not be encoded.
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
    moderationApplied: (userId, payload) => void io.to(userChannel(userId)).emit("moderation_applied", payload),
    moderationReverted: (userId, payload) => void io.to(userChannel(userId)).emit("moderation_reverted", payload),
    caseChanged(userIds, payload) {
      if (userIds.length > 0) io.to(userIds.map(userChannel)).emit("case_changed", payload);
    },
    sessionEnded(sessionId, code, data) {
      for (const socket of socketsIn(io, sessionChannel(sessionId))) endSocket(socket, localizeProblem(code, socket, data));
    },
    serverDraining: (payload) => void io.emit("server_draining", payload),
  };
}
