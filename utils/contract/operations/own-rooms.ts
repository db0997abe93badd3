import { emptyInput } from "../schemas/auth.ts";
import { unread } from "../schemas/conversations.ts";
import { listUnreadRoomsInput, unreadRoom } from "../schemas/own-rooms.ts";
import { pageOf } from "../schemas/primitives.ts";
import { roomParams } from "../schemas/rooms.ts";
import type { Operation } from "./operation.ts";

/** The endpoints of stars and unread messages. */
export const ownRoomOperations = {
  starRoom: {
    method: "put",
    path: "/api/chatroom/rooms/:roomId/star",
    summary: "Star a room. Starring it twice changes nothing.",
    caller: "bearer",
    budget: "rest",
    input: roomParams,
    output: null,
    status: 204,
  },
  unstarRoom: {
    method: "delete",
    path: "/api/chatroom/rooms/:roomId/star",
    summary: "Remove the star of a room.",
    caller: "bearer",
    budget: "rest",
    input: roomParams,
    output: null,
    status: 204,
  },
  listUnread: {
    method: "get",
    path: "/api/chatroom/unread",
    summary: "List the read state of the caller's conversations and of the rooms the caller has been in.",
    caller: "bearer",
    budget: "rest",
    input: emptyInput,
    output: pageOf(unread),
    status: 200,
  },
  listUnreadRooms: {
    method: "get",
    path: "/api/chatroom/unread/rooms",
    summary:
      "List the caller's own rooms and conversations with unread messages: those with mentions first, then the newest message first. Own rooms are those the caller has written in or starred; other rooms are listed when a message in them mentions the caller. The list has one page.",
    caller: "bearer",
    budget: "rest",
    input: listUnreadRoomsInput,
    output: pageOf(unreadRoom),
    status: 200,
  },
} as const satisfies Record<string, Operation>;
