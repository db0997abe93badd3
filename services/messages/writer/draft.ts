import type { LiveMessageDto, ReplyToDto } from "../../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../../utils/contract/schemas/users.ts";

/** A message about to be numbered. */
export type Draft = {
  readonly id: string;
  readonly roomId: string;
  readonly author: AuthorDto;
  readonly clientMessageId: string;
  readonly text: string;
  /** The room's language until `language` has resolved. */
  languageCode: string | null;
  /** Resolves within a bounded time, when `languageCode` has its final value; null when it has it already. */
  language: Promise<void> | null;
  readonly replyTo: ReplyToDto | null;
  /** Whom the text names. */
  readonly mentions: readonly string[];
  /** Who is to be told of it besides the room. */
  readonly notifications: readonly PendingNotification[];
  /** Null in a language room. In a conversation only its members may write, and in a direct one nobody across a block. */
  readonly conversation: { readonly peerId: string | null } | null;
};

/** Somebody whom a message concerns; the row is made in the commit of the message, or not at all. */
export type PendingNotification = { readonly id: string; readonly userId: string; readonly kind: "mention" | "reply" | "message_request" };

/** What the database gave a draft. */
export type Numbered = { id: string; seq: number; created_at: Date };

/** A draft as the message it became; `parent` is what it replies to as of the commit, if that was read. */
export const presentCommitted = (draft: Draft, numbered: Numbered, parent?: ReplyToDto): LiveMessageDto => ({
  id: draft.id,
  roomId: draft.roomId,
  seq: numbered.seq,
  changedSeq: numbered.seq,
  clientMessageId: draft.clientMessageId,
  author: draft.author,
  text: draft.text,
  languageCode: draft.languageCode,
  replyTo: parent ?? draft.replyTo,
  attachments: [],
  reactions: [],
  mentions: [...draft.mentions],
  pinnedAt: null,
  moderation: "approved",
  createdAt: numbered.created_at.toISOString(),
  editedAt: null,
  deletedAt: null,
});
