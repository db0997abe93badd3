import { roomAccessErrors } from "../error-groups.ts";
import { emptyInput } from "../schemas/auth.ts";
import { unread } from "../schemas/conversations.ts";
import { listUnreadRoomsInput, unreadRoom } from "../schemas/own-rooms.ts";
import { pageOf } from "../schemas/primitives.ts";
import { roomParams } from "../schemas/rooms.ts";
import type { Operation } from "./operation.ts";

/** Endpoints for starred rooms and unread messages. */
export const ownRoomOperations = {
  starRoom: {
    method: "put",
    path: "/api/chatroom/rooms/:roomId/star",
    summary: "Stars a room. Has no effect if the room is already starred.",
    caller: "bearer",
    budget: "rest",
    input: roomParams,
    output: null,
    status: 204,
    errors: roomAccessErrors,
  },
  unstarRoom: {
    method: "delete",
    path: "/api/chatroom/rooms/:roomId/star",
    summary: "Removes the star from a room.",
    caller: "bearer",
    budget: "rest",
    input: roomParams,
    output: null,
    status: 204,
  },
  listUnread: {
    method: "get",
    path: "/api/chatroom/unread",
    summary: "Returns the read state of the caller's conversations and of the rooms the caller has been in.",
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
      "Returns the caller's own rooms and conversations with unread messages: those with mentions first, then by newest message. Own rooms are those the caller has written in or starred; other rooms are included when a message in them mentions the caller. The list has one page.",
    caller: "bearer",
    budget: "rest",
    input: listUnreadRoomsInput,
    output: pageOf(unreadRoom),
    status: 200,
  },
} as const satisfies Record<string, Operation>;
