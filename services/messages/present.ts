import type { HeldMessageDto, LiveMessageDto, MessageDto, ReplyToDto, SentMessageDto } from "../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";

/** A message as the statements of queries.ts read it, with its author's head. */
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
  /** Null where the message answered is gone. */
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

/** What a reply shows of the message it answers. */
export type ParentRow = { readonly reply_to_id: string } & Pick<MessageRow, "reply_seq" | "reply_author" | "reply_text">;

/** Whether a message has no number: it waits for review, or was refused there. */
export const isHeld = ({ seq }: { readonly seq: number | null }): boolean => seq === null;

/** Returns the parent message as a reply shows it. Of a deleted parent the row has no author, and neither name nor excerpt is shown. */
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

/** A message that nobody has approved. */
export const presentHeld = (row: MessageRow): HeldMessageDto => ({
  ...presentLiveMessage(row),
  ...{ seq: null, changedSeq: null, moderation: row.moderation === "removed" ? "removed" : "pending" },
});

/** A message as its author is told of it. */
export const presentSent = (row: MessageRow): SentMessageDto => (isHeld(row) ? presentHeld(row) : presentLiveMessage(row));

/** A message on the wire; of a deleted one only its place in the order is left. */
export const presentMessage = (row: MessageRow): MessageDto =>
  row.deleted_at === null
    ? presentLiveMessage(row)
    : { id: row.id, roomId: row.room_id, seq: row.seq, changedSeq: row.changed_seq, deletedAt: row.deleted_at.toISOString() };
