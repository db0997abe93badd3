import type { z } from "zod";
import { createGuestInput, csrfToken, device, emptyInput, me, session, sessionParams } from "./auth.ts";
import type { BudgetName } from "./limits.ts";
import { listLoungesInput, listRoomsInput, lounge, room } from "./lounges.ts";
import { listMessagesInput, liveMessage, sendMessageInput } from "./messages.ts";
import { beat, heartbeatInput } from "./presence.ts";
import { pageOf } from "./primitives.ts";
import { listMembersInput, member, roomForMe, roomParams } from "./rooms.ts";

/** Who may knock: `anyone`, `anyone` with the CSRF token, or the bearer of an access token. */
export type Caller = "anyone" | "csrf" | "bearer";

/** One REST door. `path` is Express's form; `budget` names what a knock costs ("messages" depends on the caller's role). */
export type Operation = {
  method: "get" | "post" | "put" | "patch" | "delete";
  path: string;
  summary: string;
  caller: Caller;
  budget: BudgetName | "messages";
  input: z.ZodType;
  output: z.ZodType | null;
  status: 200 | 201 | 202 | 204;
};

/** Every REST door there is. The routes are made of it, and so is the OpenAPI document. */
export const operations = {
  getCsrfToken: {
    method: "get",
    path: "/api/auth/csrf",
    summary: "The CSRF token of this browser.",
    caller: "anyone",
    budget: "rest",
    input: emptyInput,
    output: csrfToken,
    status: 200,
  },
  createGuest: {
    method: "post",
    path: "/api/auth/guest",
    summary: "Become a guest.",
    caller: "csrf",
    budget: "rest",
    input: createGuestInput,
    output: session,
    status: 201,
  },
  refreshSession: {
    method: "post",
    path: "/api/auth/refresh",
    summary: "Trade the refresh cookie for a new one and an access token.",
    caller: "csrf",
    budget: "rest",
    input: emptyInput,
    output: session,
    status: 200,
  },
  signOut: {
    method: "post",
    path: "/api/auth/signout",
    summary: "End this session.",
    caller: "csrf",
    budget: "rest",
    input: emptyInput,
    output: null,
    status: 204,
  },
  signOutEverywhere: {
    method: "post",
    path: "/api/auth/signout-all",
    summary: "End all sessions of the caller.",
    caller: "csrf",
    budget: "rest",
    input: emptyInput,
    output: null,
    status: 204,
  },
  getMe: {
    method: "get",
    path: "/api/auth/me",
    summary: "Oneself, and what one may do.",
    caller: "bearer",
    budget: "rest",
    input: emptyInput,
    output: me,
    status: 200,
  },
  listSessions: {
    method: "get",
    path: "/api/auth/sessions",
    summary: "One's devices.",
    caller: "bearer",
    budget: "rest",
    input: emptyInput,
    output: pageOf(device),
    status: 200,
  },
  endSession: {
    method: "delete",
    path: "/api/auth/sessions/:sessionId",
    summary: "End one of one's sessions.",
    caller: "bearer",
    budget: "rest",
    input: sessionParams,
    output: null,
    status: 204,
  },
  listLounges: {
    method: "get",
    path: "/api/chatroom/lounges",
    summary: "The active lounges, for anyone.",
    caller: "anyone",
    budget: "rest",
    input: listLoungesInput,
    output: pageOf(lounge),
    status: 200,
  },
  listRooms: {
    method: "get",
    path: "/api/chatroom/lounges/:loungeId/rooms",
    summary: "The rooms of a lounge.",
    caller: "anyone",
    budget: "rest",
    input: listRoomsInput,
    output: pageOf(room),
    status: 200,
  },
  getRoom: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId",
    summary: "A room, with one's rights and read state.",
    caller: "bearer",
    budget: "rest",
    input: roomParams,
    output: roomForMe,
    status: 200,
  },
  listMembers: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId/members",
    summary: "Who is here.",
    caller: "bearer",
    budget: "rest",
    input: listMembersInput,
    output: pageOf(member),
    status: 200,
  },
  listMessages: {
    method: "get",
    path: "/api/chatroom/rooms/:roomId/messages",
    summary: "History, newest first, without deleted messages.",
    caller: "bearer",
    budget: "rest",
    input: listMessagesInput,
    output: pageOf(liveMessage),
    status: 200,
  },
  sendMessage: {
    method: "post",
    path: "/api/chatroom/rooms/:roomId/messages",
    summary: "Send a text; the REST twin of `send_message`.",
    caller: "bearer",
    budget: "messages",
    input: sendMessageInput,
    output: liveMessage,
    status: 201,
  },
  heartbeat: {
    method: "post",
    path: "/api/presence/heartbeat",
    summary: "Say that one is here.",
    caller: "bearer",
    budget: "heartbeat",
    input: heartbeatInput,
    output: beat,
    status: 200,
  },
} as const satisfies Record<string, Operation>;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
