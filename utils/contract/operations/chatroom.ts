import { roomAccessErrors, sendErrors } from "../error-groups.ts";
import { emptyInput } from "../schemas/auth.ts";
import { listLoungesInput, listRoomsInput, lounge, room } from "../schemas/lounges.ts";
import { listMessagesInput, liveMessage, sendMessageInput, sentMessage } from "../schemas/messages.ts";
import { beat, heartbeatInput } from "../schemas/presence.ts";
import { loungePreviews, roomPreview } from "../schemas/previews.ts";
import { pageOf } from "../schemas/primitives.ts";
import { listMembersInput, member, roomForMe, roomParams } from "../schemas/rooms.ts";
import type { Operation } from "./operation.ts";

/** Endpoints for lounges, rooms, messages and presence. */
export const chatroomOperations = {
  listLounges: {
    method: "get",
    path: "/api/chatroom/lounges",
    summary: "Returns the active lounges.",
    caller: "anyone",
    budget: "rest",
    input: listLoungesInput,
    output: pageOf(lounge),
    status: 200,
  },
  listRooms: {
    method: "get",
    path: "/api/chatroom/lounges/:loungeId/rooms",
    summary: "Returns the rooms of a lounge.",
    caller: "anyone",
    budget: "rest",
    input: listRoomsInput,
    output: pageOf(room),
    status: 200,
  },
  previewLounges: {
    method: "get",
    path: "/api/chatroom/previews",
    summary: "Returns the newest message of the most active room of each open lounge.",
    caller: "anyone",
    budget: "previews",
    input: emptyInput,
    output: loungePreviews,
    status: 200,
  },
  previewRoom: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId/preview",
    summary: "Returns the newest messages of a room in an open lounge.",
    caller: "anyone",
    budget: "previews",
    input: roomParams,
    output: roomPreview,
    status: 200,
    errors: ["room_requires_account"],
  },
  getRoom: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId",
    summary: "Returns a room with the caller's permissions and read state.",
    caller: "bearer",
    budget: "rest",
    input: roomParams,
    output: roomForMe,
    status: 200,
    errors: roomAccessErrors,
  },
  listMembers: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId/members",
    summary: "Returns the users present in a room.",
    caller: "bearer",
    budget: "rest",
    input: listMembersInput,
    output: pageOf(member),
    status: 200,
    errors: roomAccessErrors,
  },
  listMessages: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId/messages",
    summary: "Returns the message history of a room, newest first, without deleted messages.",
    caller: "bearer",
    budget: "rest",
    input: listMessagesInput,
    output: pageOf(liveMessage),
    status: 200,
    errors: roomAccessErrors,
  },
  sendMessage: {
    method: "post",
    path: "/api/chatroom/rooms/:roomId/messages",
    summary: "Sends a message. Equivalent to the command `send_message`.",
    caller: "bearer",
    budget: "messages",
    input: sendMessageInput,
    output: sentMessage,
    status: 201,
    errors: [...roomAccessErrors, ...sendErrors],
  },
  heartbeat: {
    method: "post",
    path: "/api/presence/heartbeat",
    summary: "Records a heartbeat, which keeps the caller's presence up to date.",
    caller: "bearer",
    budget: "heartbeat",
    input: heartbeatInput,
    output: beat,
    status: 200,
  },
} as const satisfies Record<string, Operation>;
