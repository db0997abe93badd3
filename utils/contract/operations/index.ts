import type { z } from "zod";
import { accountOperations } from "./accounts.ts";
import { botOperations } from "./bots.ts";
import { chatroomOperations } from "./chatroom.ts";
import { contactOperations } from "./contacts.ts";
import { conversationOperations } from "./conversations.ts";
import { factorOperations } from "./factors.ts";
import { messageOperations } from "./messages.ts";
import { moderationOperations } from "./moderation/index.ts";
import { notificationOperations } from "./notifications.ts";
import { ownRoomOperations } from "./own-rooms.ts";
import { peopleOperations } from "./people.ts";
import { searchOperations } from "./search.ts";
import { sessionOperations } from "./sessions.ts";

export type { Operation } from "./operation.ts";

/** All REST endpoints. The routes and the OpenAPI document are generated from this table. */
export const operations = {
  ...sessionOperations,
  ...accountOperations,
  ...contactOperations,
  ...factorOperations,
  ...peopleOperations,
  ...botOperations,
  ...chatroomOperations,
  ...messageOperations,
  ...notificationOperations,
  ...conversationOperations,
  ...ownRoomOperations,
  ...searchOperations,
  ...moderationOperations,
} as const;

export type Operations = typeof operations;
export type OperationName = keyof Operations;

/** The response body of a successful call; null if the response has no body. */
export type OperationOutput<Name extends OperationName> = Operations[Name]["output"] extends z.ZodType
  ? z.infer<Operations[Name]["output"]>
  : null;

const tag = <Name extends OperationName>(name: string, description: string, group: Readonly<Record<Name, unknown>>) => ({
  name,
  description,
  operations: Object.keys(group) as Name[],
});

/** The operations by topic. */
export const operationTags: readonly {
  readonly name: string;
  readonly description: string;
  readonly operations: readonly OperationName[];
}[] = [
  tag("Sessions", "Guests, tokens, sessions and the security history.", sessionOperations),
  tag("Accounts", "Sign-up, sign-in and passwords.", accountOperations),
  tag("Contacts", "Phone numbers and e-mail addresses.", contactOperations),
  tag("Factors", "Authenticator apps, recovery codes and passkeys.", factorOperations),
  tag("People", "Profiles, roles, data export and deletion.", peopleOperations),
  tag("Chatroom", "Lounges, rooms, sending and history.", chatroomOperations),
  tag("Messages", "Editing, deleting, reacting to and pinning messages.", messageOperations),
  tag("Conversations", "Direct and group conversations, blocks and read states.", conversationOperations),
  tag("Own rooms", "Starred rooms and unread messages in rooms and conversations.", ownRoomOperations),
  tag("Search", "Message search.", searchOperations),
  tag("Notifications", "Notifications and notification preferences.", notificationOperations),
  tag("Moderation", "Reports, cases, actions, appeals, automatic rules, raid modes and their records.", moderationOperations),
  tag("Bots", "Bots and their API tokens.", botOperations),
];
