import type { ReplyToDto } from "../../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";

/** A message to be numbered. */
export type Draft = {
  readonly id: string;
  readonly roomId: string;
  readonly author: AuthorDto;
  readonly clientMessageId: string;
  readonly text: string;
  /** The room's language until `language` has resolved. */
  languageCode: string | null;
  /** Resolves within a bounded time, when `languageCode` has its final value; null if it already has it. */
  language: Promise<void> | null;
  readonly replyTo: ReplyToDto | null;
  /** The ids of the users that the text mentions. */
  readonly mentions: readonly string[];
  /** The notifications to create, in addition to publishing to the room. */
  readonly notifications: readonly PendingNotification[];
  /**
   * Null in a language room. In a conversation only its members may write, and in a direct one only while neither has blocked the other.
   */
  readonly conversation: { readonly peerId: string | null } | null;
};

/** A notification of a user; its row is inserted in the commit of the message, or not at all. */
export type PendingNotification = { readonly id: string; readonly userId: string; readonly kind: "mention" | "reply" | "message_request" };
