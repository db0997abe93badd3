import type { CommandName, ServerEventName } from "../events.ts";
import { limits } from "../limits.ts";

/** The topics of commands and events. */
export const socketTags = {
  Rooms: "Joining, leaving and syncing rooms.",
  Messages: "Sending and changing messages.",
  Presence: "Typing, heartbeats and the people in a room.",
  Conversations: "Direct and group conversations, read and received positions.",
  Notifications: "Notifications and notification preferences.",
  Moderation: "Actions that concern the user, and cases for the staff.",
  Sessions: "The session of a socket, and the shutdown of a server.",
} as const;

/** The documentation of a command or an event, in addition to its summary. */
export type SocketDocs = { readonly tag: keyof typeof socketTags; readonly description: string };

const inSeconds = (ms: number): string => `${ms / 1_000} s`;

const commandDocs: Readonly<Record<CommandName, SocketDocs>> = {
  join_room: {
    tag: "Rooms",
    description: `The ack contains every change after \`afterSeq\`. Without \`afterSeq\`, with a different \`epoch\`, or more than ${limits.syncMessages} changes behind, it contains a snapshot of the newest ${limits.snapshotMessages} messages. Joining a room again returns its current state.`,
  },
  leave_room: {
    tag: "Rooms",
    description: "Has no effect if the socket has not joined the room. It does not end a membership: conversations are still received.",
  },
  sync_room: {
    tag: "Rooms",
    description:
      "Use it when `messages_changed` shows a gap, or when a heartbeat reports a newer sequence number. It does not subscribe to the room.",
  },
  send_message: {
    tag: "Messages",
    description:
      "If no ack arrives, send the command again with the same `clientMessageId`: the message is stored once. The room receives `messages_changed`. A message that is held for review is returned without a sequence number.",
  },
  edit_message: {
    tag: "Messages",
    description: "Replaces the text, and detects its mentions and language again. The room receives `messages_changed`.",
  },
  delete_message: {
    tag: "Messages",
    description:
      "Authors may delete their own messages. In language rooms, moderators may also delete those of users with a lower role, and admins all. The room receives the tombstone in `messages_changed`.",
  },
  add_reaction: {
    tag: "Messages",
    description: `A message can have ${limits.reactionKinds} different emoji. The room receives \`messages_changed\`.`,
  },
  remove_reaction: {
    tag: "Messages",
    description: "Has no effect if the caller did not react with this emoji. The room receives `messages_changed`.",
  },
  typing_start: {
    tag: "Presence",
    description:
      "Send it again while the user keeps typing. It may be sent without an ack function. In a language room, the socket must have joined the room.",
  },
  typing_stop: {
    tag: "Presence",
    description: "Not necessary after sending a message. It may be sent without an ack function.",
  },
  mark_read: {
    tag: "Conversations",
    description:
      "The read position never moves back. In a conversation, it also marks the messages as received. The user's other devices receive `read_changed`, and so do the members of a conversation who share receipts.",
  },
  mark_received: {
    tag: "Conversations",
    description: "The received position never moves back. Has no effect in language rooms.",
  },
  heartbeat: {
    tag: "Presence",
    description: `Send it every ${inSeconds(limits.heartbeatMs)}, and immediately after connecting. Call \`sync_room\` for every room whose number in \`heads\` is above the client's.`,
  },
  renew_token: {
    tag: "Sessions",
    description: "The new token must belong to the same session; otherwise the command fails with `unauthenticated`.",
  },
};

const eventDocs: Readonly<Record<ServerEventName, SocketDocs>> = {
  messages_changed: {
    tag: "Messages",
    description:
      "Sent to sockets that joined the room; changes of a conversation are sent to all sockets of its members. A client that has every change up to `n` applies the batch if `fromSeq` ≤ `n` < `toSeq`, ignores it if `toSeq` ≤ `n`, and calls `sync_room` if `fromSeq` > `n`.",
  },
  message_held: { tag: "Messages", description: "Show the message only to its author, marked as held or rejected." },
  user_joined: {
    tag: "Presence",
    description: `Sent to sockets that joined the room, at most every ${limits.gatherMs} ms. Invisible users are not included.`,
  },
  user_left: {
    tag: "Presence",
    description: `Sent to sockets that joined the room, at most every ${limits.gatherMs} ms. Invisible users are not included.`,
  },
  user_typing: {
    tag: "Presence",
    description: `Replaces the previous list of the room. An entry expires ${inSeconds(limits.typingMs)} after the last event that contains it.`,
  },
  presence_changed: {
    tag: "Presence",
    description: "Contains only the users whose status changed. Slow consumers do not receive it.",
  },
  user_changed: { tag: "Presence", description: "Replace the user wherever the client shows them, also as the author of older messages." },
  notification_created: { tag: "Notifications", description: "The notification is stored: `GET /api/notifications` lists it too." },
  notifications_read: { tag: "Notifications", description: "Mark these notifications as read on this device too." },
  notification_preferences_changed: {
    tag: "Notifications",
    description: "Replaces the preferences that the device has stored. Sent to all of the user's sockets.",
  },
  conversation_changed: {
    tag: "Conversations",
    description:
      "Replaces the client's copy of the conversation. Sent when it is created or renamed, when its members change, and when it has a new message. Each member receives their own view.",
  },
  conversation_left: { tag: "Conversations", description: "Remove the conversation from the client. Sent to all of the user's sockets." },
  read_changed: {
    tag: "Conversations",
    description: "Sent to the member's own devices, and to the other members of a conversation if both share receipts.",
  },
  star_changed: { tag: "Rooms", description: "Update the list of starred rooms on this device." },
  moderation_applied: {
    tag: "Moderation",
    description:
      "Show what was decided, by which rule and until when, and how to appeal. After a kick or a ban from a room or lounge, the socket has left the rooms.",
  },
  moderation_reverted: { tag: "Moderation", description: "Remove the restriction; the user may rejoin the rooms." },
  case_changed: { tag: "Moderation", description: "Replace the case in the queue if its `version` is higher than the known one." },
  session_ended: {
    tag: "Sessions",
    description:
      "The `code` states what to do: reconnect with a new token after `token_expired` and `unauthenticated`, reconnect and rejoin after `resync`, and do not reconnect with this token after `session_revoked` and `banned`.",
  },
  server_draining: {
    tag: "Sessions",
    description: "Close the connection and reconnect after 1 to 1.5 times this period. Acknowledged commands are committed.",
  },
};

/** The documentation of every command and event. A new one does not compile until it is listed here. */
export const socketDocs: Readonly<Record<CommandName | ServerEventName, SocketDocs>> = { ...commandDocs, ...eventDocs };
