import { signal } from "@preact/signals";
import { limits } from "../../../../utils/contract/limits.ts";
import type { LiveMessageDto, ReplyToDto } from "../../../../utils/contract/schemas/messages.ts";
import { firstGraphemes } from "../../../../utils/contract/text/graphemes.ts";
import { peopleIn } from "../../shared/text/people-in-text.ts";
import { onOwnerChange } from "../../storage.ts";
import { cachedUser } from "../people/user-cache.ts";
import { type MentionedInDraft, recordMention } from "./drafts.ts";

/** What the composer does other than write a new message: reply to a message, or edit an own one. */
export type Writing = { kind: "reply"; to: LiveMessageDto } | { kind: "edit"; message: LiveMessageDto; text: string } | null;

/** By ID of each open room. */
export const writing = signal<ReadonlyMap<string, Writing>>(new Map());

onOwnerChange(() => {
  writing.value = new Map();
});

export function startWriting(roomId: string, next: Writing): void {
  writing.value = new Map([...writing.peek(), [roomId, next]]);
}

/** Returns what a reply shows of the message it replies to, truncated as the server truncates it. */
export const quoteOf = ({ id, seq, author, text }: LiveMessageDto): ReplyToDto => ({
  id,
  seq,
  authorName: author.displayName,
  excerpt: firstGraphemes(text, limits.excerptGraphemes),
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Returns the text to send: names chosen from the list become IDs, the longest names first. */
export function toWire(text: string, named: MentionedInDraft): string {
  const names = Object.keys(named).sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const any = new RegExp(`(?:${names.map(escaped).join("|")})(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(any, (name) => (named[name] ? `<@${named[name]}>` : name));
}

/** Returns a sent text as it appears in the field, with user IDs replaced by names. */
export function toField(roomId: string, text: string): string {
  const shown = (piece: ReturnType<typeof peopleIn>[number]): string => {
    if (typeof piece === "string") return piece;
    const user = piece.userId ? cachedUser(piece.userId) : null;
    if (!user) return piece.written;
    recordMention(roomId, `@${user.displayName}`, user.id);
    return `@${user.displayName}`;
  };
  return peopleIn(text).map(shown).join("");
}
