import type { HeldMessageDto, LiveMessageDto, MessageDto, ReplyToDto, SentMessageDto } from "../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";

/** A message as the statements of queries.ts read it, with its author's public fields. */
export type MessageRow = {
  id: string;
  room_id: string;
  seq: number;
  changed_seq: number;
  client_message_id: string;
  text: string;
  language_code: string | null;
  mentions: string[];
  reactions: LiveMessageDto["reactions"];
  pinned_at: Date | null;
  reply_to_id: string | null;
  /** Null if there is no parent message, or it no longer exists. */
  reply_seq: number | null;
  reply_author: string | null;
  reply_text: string | null;
  moderation: LiveMessageDto["moderation"];
  created_at: Date;
  edited_at: Date | null;
  deleted_at: Date | null;
  author_id: string;
  author_name: string;
  author_avatar: string | null;
  author_kind: AuthorDto["kind"];
  author_role: AuthorDto["role"];
};

/** What a reply shows of its parent message. */
export type ParentRow = { readonly reply_to_id: string } & Pick<MessageRow, "reply_seq" | "reply_author" | "reply_text">;

/** Whether a message has no number: it waits for review, or was rejected there. */
export const isHeld = ({ seq }: { readonly seq: number | null }): boolean => seq === null;

/** Returns the parent message as a reply shows it. A deleted parent has no author in the row, and neither name nor excerpt is shown. */
export function presentReplyTo(row: Pick<MessageRow, "reply_to_id" | "reply_seq" | "reply_author" | "reply_text">): ReplyToDto | null {
  const { reply_to_id: id, reply_seq: seq, reply_author: authorName, reply_text: text } = row;
  if (id === null || seq === null) return null;
  return { id, seq, authorName, excerpt: authorName === null ? null : excerptOf(text ?? "") };
}

export const presentLiveMessage = (row: MessageRow): LiveMessageDto => ({
  id: row.id,
  roomId: row.room_id,
  seq: row.seq,
  changedSeq: row.changed_seq,
  clientMessageId: row.client_message_id,
  author: { id: row.author_id, displayName: row.author_name, avatarUrl: row.author_avatar, kind: row.author_kind, role: row.author_role },
  text: row.text,
  languageCode: row.language_code,
  replyTo: presentReplyTo(row),
  attachments: [],
  reactions: row.reactions,
  mentions: row.mentions,
  pinnedAt: row.pinned_at?.toISOString() ?? null,
  moderation: row.moderation,
  createdAt: row.created_at.toISOString(),
  editedAt: row.edited_at?.toISOString() ?? null,
  deletedAt: null,
});

/** Converts a message that was not approved to its API format. */
export const presentHeld = (row: MessageRow): HeldMessageDto => ({
  ...presentLiveMessage(row),
  seq: null,
  changedSeq: null,
  moderation: row.moderation === "removed" ? "removed" : "pending",
});

/** Converts a message to the API format for its author. */
export const presentSent = (row: MessageRow): SentMessageDto => (isHeld(row) ? presentHeld(row) : presentLiveMessage(row));

/** Converts a message to its API format; a deleted one becomes a tombstone. */
export const presentMessage = (row: MessageRow): MessageDto =>
  row.deleted_at === null
    ? presentLiveMessage(row)
    : { id: row.id, roomId: row.room_id, seq: row.seq, changedSeq: row.changed_seq, deletedAt: row.deleted_at.toISOString() };
