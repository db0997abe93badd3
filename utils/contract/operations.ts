import { accountsDoors } from "./doors/accounts.ts";
import { botsDoors } from "./doors/bots.ts";
import { chatroomDoors } from "./doors/chatroom.ts";
import { contactsDoors } from "./doors/contacts.ts";
import { conversationsDoors } from "./doors/conversations.ts";
import { factorsDoors } from "./doors/factors.ts";
import { messagesDoors } from "./doors/messages.ts";
import { moderationDoors } from "./doors/moderation.ts";
import { notificationsDoors } from "./doors/notifications.ts";
import { peopleDoors } from "./doors/people.ts";
import { searchDoors } from "./doors/search.ts";
import { sessionsDoors } from "./doors/sessions.ts";

export type { Caller, Operation } from "./operation.ts";

/** Every REST door there is. The routes are made of it, and so is the OpenAPI document. */
export const operations = {
  ...sessionsDoors,
  ...accountsDoors,
  ...contactsDoors,
  ...factorsDoors,
  ...peopleDoors,
  ...botsDoors,
  ...chatroomDoors,
  ...messagesDoors,
  ...notificationsDoors,
  ...conversationsDoors,
  ...searchDoors,
  ...moderationDoors,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;
