import type { z } from "zod";
import { accountsDoors } from "./accounts.ts";
import { botsDoors } from "./bots.ts";
import { chatroomDoors } from "./chatroom.ts";
import { contactsDoors } from "./contacts.ts";
import { conversationsDoors } from "./conversations.ts";
import { factorsDoors } from "./factors.ts";
import { messagesDoors } from "./messages.ts";
import { moderationDoors } from "./moderation.ts";
import { notificationsDoors } from "./notifications.ts";
import { ownRoomsDoors } from "./own-rooms.ts";
import { peopleDoors } from "./people.ts";
import { searchDoors } from "./search.ts";
import { sessionsDoors } from "./sessions.ts";

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
  ...ownRoomsDoors,
  ...searchDoors,
  ...moderationDoors,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

/** What a successful call of an operation answers; null where the answer has no body. */
export type OperationOutput<Name extends OperationName> = Operations[Name]["output"] extends z.ZodType
  ? z.infer<Operations[Name]["output"]>
  : null;

const tag = <Name extends OperationName>(name: string, description: string, doors: Readonly<Record<Name, unknown>>) => ({
  name,
  description,
  operations: Object.keys(doors) as Name[],
});

/** The operations by topic. */
export const operationTags: readonly {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly OperationName[];
}[] = [
  tag("Sessions", "Guests, tokens, sessions and the security history.", sessionsDoors),
  tag("Accounts", "Sign-up, sign-in and passwords.", accountsDoors),
  tag("Contacts", "Phone numbers and e-mail addresses.", contactsDoors),
  tag("Factors", "Authenticator apps, recovery codes and passkeys.", factorsDoors),
  tag("People", "Profiles, roles, data export and deletion.", peopleDoors),
  tag("Chatroom", "Lounges, rooms, sending and history.", chatroomDoors),
  tag("Messages", "What happens to a message once it is sent.", messagesDoors),
  tag("Conversations", "Direct and group conversations, blocks and read states.", conversationsDoors),
  tag("Own rooms", "Stars, and what is unread in rooms and conversations.", ownRoomsDoors),
  tag("Search", "Search in messages.", searchDoors),
  tag("Notifications", "What concerns the user.", notificationsDoors),
  tag("Moderation", "Messages that wait for review.", moderationDoors),
  tag("Bots", "Bots and their API tokens.", botsDoors),
];
