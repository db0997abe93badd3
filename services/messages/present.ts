import type { HeldMessageDto, LiveMessageDto, MessageDto, ReplyToDto, SentMessageDto } from "../../utils/contract/schemas/messages.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import { excerptOf } from "../../utils/contract/text/excerpt.ts";
import type { Draft } from "./writer/draft.ts";

/** A message with its author's public fields, as `COLUMNS` reads it. */
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

/**
 * A message with its author's public fields, and the beginning of its parent message: the columns of `JOINED`. The numbers are cast, so
 * that both database clients return them as JavaScript numbers.
 */
export const COLUMNS = `m.id, m.room_id, m.seq::float8 AS seq, m.changed_seq::float8 AS changed_seq, m.client_message_id, m.text, m.language_code,
  m.mentions, m.reactions, m.pinned_at, m.moderation, m.created_at, m.edited_at, m.deleted_at,
  m.author_id, u.display_name AS author_name, u.avatar_url AS author_avatar, u.kind AS author_kind, u.role AS author_role,
  m.reply_to_id, p.seq::float8 AS reply_seq, left(p.text, 400) AS reply_text,
  CASE WHEN p.deleted_at IS NULL THEN pu.display_name END AS reply_author`;

/** The joins of `messages m`: its author, its parent message, and the parent's author. */
export const HEADS = `JOIN users u ON u.id = m.author_id
  LEFT JOIN messages p ON p.id = m.reply_to_id LEFT JOIN users pu ON pu.id = p.author_id`;

export const JOINED = `messages m ${HEADS}`;

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

/** The values that the database assigned to a draft. */
export type Numbered = { id: string; seq: number; created_at: Date };

/** Converts a committed draft to a message; `parent` is its parent message at the time of the commit, if that was read. */
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
