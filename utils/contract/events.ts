import { z } from "zod";
import { editErrors, reactionErrors, roomAccessErrors, sendErrors } from "./error-groups.ts";
import { type ErrorCode, type Problem, problem } from "./errors.ts";
import { limits } from "./limits.ts";
import { emptyInput, renewTokenInput } from "./schemas/auth.ts";
import { conversation, markReadInput, readState } from "./schemas/conversations.ts";
import { shown } from "./schemas/lounges.ts";
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
import { action, appliedAction } from "./schemas/moderation/actions.ts";
import { moderationCase } from "./schemas/moderation/cases.ts";
import { notificationPreferences } from "./schemas/notification-preferences.ts";
import { notification } from "./schemas/notifications.ts";
import { beatWithHeads, heartbeatInput, presence } from "./schemas/presence.ts";
import { EXAMPLE_ID, id, roomId, seq, userId } from "./schemas/primitives.ts";
import { epoch, joined, joinRoomInput, member, roomParams, synced, syncRoomInput } from "./schemas/rooms.ts";
import { author } from "./schemas/users.ts";

/** A command. `errors` are those besides the ones every command may return (`errorsOfCommand` returns all of them). */
export type CommandDefinition = {
  readonly summary: string;
  readonly input: z.ZodType;
  readonly output: z.ZodType;
  readonly errors?: readonly ErrorCode[];
};

/** The commands a client sends over the socket: the input, and the `data` of a successful ack. */
export const commands = {
  join_room: {
    summary: "Joins a room: subscribes to its events and returns all missed messages in one ack.",
    input: joinRoomInput,
    output: joined,
    errors: ["not_found", ...roomAccessErrors, "room_full", "guests_paused", "too_many_rooms"],
  },
  leave_room: { summary: "Leaves a room: this socket receives none of its later messages.", input: roomParams, output: emptyInput },
  sync_room: {
    summary: "Returns the current state of every message that changed after a sequence number.",
    input: syncRoomInput,
    output: synced,
    errors: ["not_found", ...roomAccessErrors],
  },
  send_message: {
    summary: "Sends a message. A successful ack means that the message is committed.",
    input: sendMessageInput,
    output: sent,
    errors: ["not_found", ...roomAccessErrors, ...sendErrors],
  },
  edit_message: {
    summary: "Edits the caller's own message within 15 minutes of sending it.",
    input: editMessageInput,
    output: changed,
    errors: ["not_found", ...roomAccessErrors, ...editErrors],
  },
  delete_message: {
    summary: "Deletes a message and leaves a tombstone in its place.",
    input: messageParams,
    output: deleted,
    errors: ["not_found", "forbidden", ...roomAccessErrors],
  },
  add_reaction: {
    summary: "Adds the caller's reaction to a message. Has no effect if the caller already reacted with this emoji.",
    input: reactionInput,
    output: changed,
    errors: ["not_found", ...roomAccessErrors, ...reactionErrors],
  },
  remove_reaction: {
    summary: "Removes the caller's reaction from a message.",
    input: reactionInput,
    output: changed,
    errors: ["not_found", ...roomAccessErrors, ...reactionErrors],
  },
  typing_start: {
    summary: "Shows the caller as typing for 6 s.",
    input: roomParams,
    output: emptyInput,
    errors: ["not_found", "muted", ...roomAccessErrors],
  },
  typing_stop: {
    summary: "Stops showing the caller as typing.",
    input: roomParams,
    output: emptyInput,
    errors: ["not_found", ...roomAccessErrors],
  },
  mark_read: {
    summary: "Marks the messages of a room as read up to a sequence number.",
    input: markReadInput,
    output: emptyInput,
    errors: ["not_found", ...roomAccessErrors],
  },
  mark_received: {
    summary: "Marks the messages of a conversation as received by this device, up to a sequence number.",
    input: markReadInput,
    output: emptyInput,
    errors: ["not_found", ...roomAccessErrors],
  },
  heartbeat: {
    summary: "Records a heartbeat and returns the newest sequence number of every joined room and of the user's conversations.",
    input: heartbeatInput,
    output: beatWithHeads,
  },
  renew_token: {
    summary: "Replaces the socket's access token, so that the socket stays open when the old token expires.",
    input: renewTokenInput,
    output: emptyInput,
  },
} as const satisfies Record<string, CommandDefinition>;

export type Commands = typeof commands;
export type CommandName = keyof Commands;
export type CommandInput<Name extends CommandName> = z.infer<Commands[Name]["input"]>;
export type CommandOutput<Name extends CommandName> = z.infer<Commands[Name]["output"]>;

const { onlineCount } = shown;

/** The events the server publishes. */
export const serverEvents = {
  messages_changed: {
    summary: "Every change of a room in (fromSeq, toSeq], as the current state of the changed messages, oldest change first.",
    payload: z.object({
      roomId,
      epoch,
      fromSeq: seq.meta({ description: "The sequence number before the first change of this batch.", examples: [130] }),
      toSeq: seq.meta({ description: "The sequence number of the last change of this batch.", examples: [131] }),
      messages: z.array(message).describe("The current state of the changed messages, oldest change first. Includes tombstones."),
    }),
  },
  message_held: {
    summary:
      "One of the user's messages is held for review, or was rejected in review; sent to all of the user's sockets. An approved message arrives as a change of its room.",
    payload: z.object({ message: heldMessage.describe("The message, which has no sequence number.") }),
  },
  user_joined: {
    summary:
      "Users who joined a room, batched. `newcomerIds` lists those who had never been in the room before; omitted if there are none.",
    payload: z.object({
      roomId,
      users: z.array(member).describe(`The users who joined. Empty in rooms with more than ${limits.rosterPeople} people.`),
      onlineCount,
      newcomerIds: z
        .array(userId)
        .optional()
        .describe("The ids of the users who had never been in the room before. Omitted if there are none."),
    }),
  },
  user_left: {
    summary: "Users who left a room, batched.",
    payload: z.object({
      roomId,
      users: z.array(author).describe(`The users who left. Empty in rooms with more than ${limits.rosterPeople} people.`),
      onlineCount,
    }),
  },
  user_typing: {
    summary: "The users currently typing in a room.",
    payload: z.object({ roomId, users: z.array(author).describe("All users who currently type. Empty if there are none.") }),
  },
  presence_changed: {
    summary: "Users in the client's rooms and conversations who came online, went offline or are away.",
    payload: z.object({ users: z.array(presence).describe("The users whose presence changed.") }),
  },
  user_changed: {
    summary: "A user in the client's rooms and conversations changed their display name or avatar.",
    payload: z.object({ user: author.describe("The user after the change.") }),
  },
  notification_created: { summary: "A new notification; sent to all of the user's sockets.", payload: notification },
  notifications_read: {
    summary: "Notifications that were read on one of the user's devices: those listed in `ids`, or all up to `upTo`.",
    payload: z.object({
      ids: z.array(id).describe("The ids of the notifications that were read. Empty if `upTo` is given."),
      upTo: id.nullable().meta({
        description: "The id of the newest notification that was read, with all older ones. Null if `ids` is given.",
        examples: [null],
      }),
    }),
  },
  notification_preferences_changed: {
    summary: "The user's notification preferences after a change on any of their devices.",
    payload: notificationPreferences,
  },
  conversation_changed: { summary: "The current state of a conversation from the user's point of view, batched.", payload: conversation },
  conversation_left: {
    summary: "The user is no longer in a conversation: left, declined or was removed.",
    payload: z.object({ roomId }),
  },
  read_changed: { summary: "A member's read or received position changed.", payload: readState },
  star_changed: {
    summary: "The user starred a room or removed its star; sent to all of the user's sockets.",
    payload: z.object({ roomId, isStarred: z.boolean().meta({ description: "Whether the room is starred now.", examples: [true] }) }),
  },
  moderation_applied: {
    summary: "An action of the moderation concerns the user; sent to all of the user's sockets.",
    payload: appliedAction,
  },
  moderation_reverted: {
    summary: "An action that concerns the user was undone; sent to all of the user's sockets.",
    payload: z.object({ action: action.describe("The action after it was undone.") }),
  },
  case_changed: {
    summary: "A case was opened or changed; sent to the staff who may see it.",
    payload: z.object({ case: moderationCase.describe("The current state of the case.") }),
  },
  session_ended: {
    summary: "The session has ended; the server disconnects the socket.",
    payload: problem.meta({
      examples: [
        {
          type: "/api/docs#session_revoked",
          title: "Session ended",
          status: 401,
          code: "session_revoked",
          detail: "Your session has ended. Sign in again.",
          requestId: EXAMPLE_ID,
        },
      ],
    }),
  },
  server_draining: {
    summary: "The server is shutting down. Reconnect after `reconnectAfterMs`.",
    payload: z.object({
      reconnectAfterMs: z
        .number()
        .int()
        .meta({ description: "How long to wait before reconnecting, in ms.", examples: [1_000] }),
    }),
  },
} as const;

export type ServerEvents = typeof serverEvents;
export type ServerEventName = keyof ServerEvents;
export type ServerEventPayload<Name extends ServerEventName> = z.infer<ServerEvents[Name]["payload"]>;

/** The shape of every ack. */
export type Ack<Data> = { ok: true; data: Data } | { ok: false; error: Problem };

/** Socket.IO's event maps for both directions. */
export type ClientToServer = {
  [Name in CommandName]: (input: CommandInput<Name>, ack: (answer: Ack<CommandOutput<Name>>) => void) => void;
};
export type ServerToClient = { [Name in ServerEventName]: (payload: ServerEventPayload<Name>) => void };
