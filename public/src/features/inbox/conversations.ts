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

/** Goes to the conversation with somebody, which begins where there was none. @throws Refusal: `cannot_message`, `account_required`, … */
export async function writeTo(person: Pick<AuthorDto, "id">): Promise<void> {
  const known = conversationWith(person.id);
  const { id } = known ?? kept(await ask("openConversation", "/api/conversations", { ...post, body: { userId: person.id } }));
  go(conversationPath(id));
}

/** Begins a group and goes there. @throws Refusal */
export async function beginGroup(userIds: string[], name: string): Promise<void> {
  const body = name === "" ? { userIds } : { userIds, name };
  go(conversationPath(kept(await ask("openConversation", "/api/conversations", { ...post, body })).id));
}

/** @throws Refusal, as do all below */
export const acceptConversation = async (roomId: string): Promise<unknown> =>
  kept(await ask("acceptConversation", `${at(roomId)}/accept`, post));

/** Leaves a group, or declines what one was asked into. */
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

/** Says what of a room one wants to be told; taken back when it could not be kept. */
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

/** Members whose name or username begins like this. @throws Refusal */
export const findPeople = async (query: string): Promise<Person[]> =>
  (await ask("findUsers", `/api/users?query=${encodeURIComponent(query)}&limit=8`, { bearer: true })).items;
