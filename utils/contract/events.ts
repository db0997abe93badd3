import { z } from "zod";
import { type Problem, problem } from "./errors.ts";
import { emptyInput } from "./schemas/auth.ts";
import { conversation, markReadInput, readState } from "./schemas/conversations.ts";
import {
  changed,
  deleted,
  editMessageInput,
  heldMessage,
  message,
  messageParams,
  reactionInput,
  sendMessageInput,
  sent,
} from "./schemas/messages.ts";
import { notificationPreferences } from "./schemas/notification-preferences.ts";
import { notification } from "./schemas/notifications.ts";
import { beatWithHeads, heartbeatInput, presence } from "./schemas/presence.ts";
import { id, seq } from "./schemas/primitives.ts";
import { joined, joinRoomInput, member, roomParams, synced, syncRoomInput } from "./schemas/rooms.ts";
import { author } from "./schemas/users.ts";

export const renewTokenInput = z.strictObject({ token: z.string().min(1).max(4_096) });
export type RenewTokenInput = z.infer<typeof renewTokenInput>;

/** What a client asks over the socket: the payload, and the `data` of a granted ack. */
export const commands = {
  join_room: { summary: "Enter a room: subscribe, and get all that was missed in one answer.", input: joinRoomInput, output: joined },
  leave_room: { summary: "Leave a room: nothing numbered afterwards reaches this socket.", input: roomParams, output: emptyInput },
  sync_room: { summary: "The current state of every message changed after a number.", input: syncRoomInput, output: synced },
  send_message: { summary: "Send a text. Acknowledged means committed.", input: sendMessageInput, output: sent },
  edit_message: { summary: "Change one's own message, within 15 minutes.", input: editMessageInput, output: changed },
  delete_message: { summary: "Take a message away; its place stays.", input: messageParams, output: deleted },
  add_reaction: { summary: "Put an emoji under a message; once is enough.", input: reactionInput, output: changed },
  remove_reaction: { summary: "Take one's emoji back.", input: reactionInput, output: changed },
  typing_start: { summary: "Say that one is writing; dies after 6 s.", input: roomParams, output: emptyInput },
  typing_stop: { summary: "Say that one has stopped writing.", input: roomParams, output: emptyInput },
  mark_read: { summary: "Say how far one has read a room.", input: markReadInput, output: emptyInput },
  mark_received: { summary: "Say how far a conversation has reached this device.", input: markReadInput, output: emptyInput },
  heartbeat: {
    summary: "Say that one is here; hear the newest number of every joined room and of one's conversations.",
    input: heartbeatInput,
    output: beatWithHeads,
  },
  renew_token: { summary: "Let this socket outlive its access token.", input: renewTokenInput, output: emptyInput },
} as const;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandInput<Name extends CommandName> = z.infer<Commands[Name]["input"]>;
export type CommandOutput<Name extends CommandName> = z.infer<Commands[Name]["output"]>;

/** What the server tells without being asked. */
export const serverEvents = {
  messages_changed: {
    summary: "Every change in (fromSeq, toSeq], as current state, oldest change first.",
    payload: z.object({ roomId: id, epoch: z.string(), fromSeq: seq, toSeq: seq, messages: z.array(message) }),
  },
  message_held: {
    summary:
      "A message of one's own waits for review, or was refused there; to all of one's sockets. An approved one is a change of its room.",
    payload: z.object({ message: heldMessage }),
  },
  user_joined: {
    summary:
      "People who came in, gathered. `newcomerIds` are those of them who have never been in the room before; left out where there are none.",
    payload: z.object({ roomId: id, users: z.array(member), onlineCount: z.number().int(), newcomerIds: z.array(id).optional() }),
  },
  user_left: {
    summary: "People who went, gathered.",
    payload: z.object({ roomId: id, users: z.array(author), onlineCount: z.number().int() }),
  },
  user_typing: { summary: "Who is writing in a room now.", payload: z.object({ roomId: id, users: z.array(author) }) },
  presence_changed: { summary: "People in sight who came, went or are away.", payload: z.object({ users: z.array(presence) }) },
  user_changed: { summary: "Somebody in sight bears another name or picture now.", payload: z.object({ user: author }) },
  notification_created: { summary: "Something that concerns oneself, to all of one's sockets.", payload: notification },
  notifications_read: {
    summary: "What one has seen on some device: these, or all up to one.",
    payload: z.object({ ids: z.array(id), upTo: id.nullable() }),
  },
  notification_preferences_changed: {
    summary: "The user's notification preferences after a change on any of their devices.",
    payload: notificationPreferences,
  },
  conversation_changed: { summary: "A conversation as one sees it now, gathered.", payload: conversation },
  conversation_left: { summary: "One is in a conversation no more: left, declined or removed.", payload: z.object({ roomId: id }) },
  read_changed: { summary: "How far somebody has read or received.", payload: readState },
  star_changed: {
    summary: "The user starred a room or removed its star; sent to all of the user's sockets.",
    payload: z.object({ roomId: id, isStarred: z.boolean() }),
  },
  session_ended: { summary: "This session is over; the server disconnects.", payload: problem },
  server_draining: {
    summary: "This server stops soon: connect again after so long.",
    payload: z.object({ reconnectAfterMs: z.number().int() }),
  },
} as const;

export type ServerEvents = typeof serverEvents;
export type ServerEventName = keyof ServerEvents;
export type ServerEventPayload<Name extends ServerEventName> = z.infer<ServerEvents[Name]["payload"]>;

/** The one form of every ack. */
export type Ack<Data> = { ok: true; data: Data } | { ok: false; error: Problem };

/** Socket.IO's event maps, for both sides. */
export type ClientToServer = {
  [Name in CommandName]: (input: CommandInput<Name>, ack: (answer: Ack<CommandOutput<Name>>) => void) => void;
};
export type ServerToClient = { [Name in ServerEventName]: (payload: ServerEventPayload<Name>) => void };
