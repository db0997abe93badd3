import type { ConversationDto, RoomLevel } from "../../../../utils/contract/schemas/conversations.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { type Answer, ask } from "../../api.ts";
import { conversationPath, go } from "../../shared/state/route.ts";
import { changeReading, readingOf } from "../unread/unread.ts";
import { conversationWith } from "./inbox.ts";
import { dropConversation, keepConversation } from "./inbox-load.ts";

const at = (roomId: string): string => `/api/conversations/${roomId}`;
const post = { method: "POST", bearer: true } as const;

function kept(conversation: ConversationDto): ConversationDto {
  keepConversation(conversation);
  return conversation;
}

/** Opens the conversation with a user, creating it if needed. @throws ApiError `cannot_message`, `account_required`, … */
export async function writeTo(person: Pick<AuthorDto, "id">): Promise<void> {
  const known = conversationWith(person.id);
  const { id } = known ?? kept(await ask("openConversation", "/api/conversations", { ...post, body: { userId: person.id } }));
  go(conversationPath(id));
}

/** Creates a group and opens it. @throws ApiError */
export async function beginGroup(userIds: string[], name: string): Promise<void> {
  const body = name === "" ? { userIds } : { userIds, name };
  go(conversationPath(kept(await ask("openConversation", "/api/conversations", { ...post, body })).id));
}

/** @throws ApiError, as do all functions below */
export const acceptConversation = async (roomId: string): Promise<unknown> =>
  kept(await ask("acceptConversation", `${at(roomId)}/accept`, post));

/** Leaves a group, or declines an invitation or a message request. */
export async function leaveConversation(roomId: string): Promise<void> {
  await ask("leaveConversation", at(roomId), { method: "DELETE", bearer: true });
  dropConversation(roomId);
}

export const renameGroup = async (roomId: string, name: string): Promise<unknown> =>
  kept(await ask("updateConversation", at(roomId), { method: "PATCH", bearer: true, body: { name } }));

export const addToGroup = async (roomId: string, userIds: string[]): Promise<unknown> =>
  kept(await ask("addMembers", `${at(roomId)}/members`, { ...post, body: { userIds } }));

export const removeFromGroup = (roomId: string, userId: string): Promise<unknown> =>
  ask("removeMember", `${at(roomId)}/members/${userId}`, { method: "DELETE", bearer: true });

/** Sets a room's notification level; reverted if the request fails. */
export async function setLevel(roomId: string, level: RoomLevel): Promise<void> {
  const before = readingOf(roomId)?.level ?? "all";
  changeReading(roomId, { level });
  try {
    await ask("setLevel", `/api/chatroom/rooms/${roomId}/level`, { method: "PUT", bearer: true, body: { level } });
  } catch (error) {
    changeReading(roomId, { level: before });
    throw error;
  }
}

export type Person = Answer<"findUsers">["items"][number];

/** Finds members whose name or username starts with the query. @throws ApiError */
export const findPeople = async (query: string): Promise<Person[]> =>
  (await ask("findUsers", `/api/users?query=${encodeURIComponent(query)}&limit=8`, { bearer: true })).items;
