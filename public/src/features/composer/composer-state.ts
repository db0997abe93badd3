import { signal } from "@preact/signals";
import { limits } from "../../../../utils/contract/limits.ts";
import type { LiveMessageDto, ReplyToDto } from "../../../../utils/contract/schemas/messages.ts";
import { firstGraphemes } from "../../../../utils/contract/text/graphemes.ts";
import { peopleIn } from "../../shared/text/people-in-text.ts";
import { onOwnerChange } from "../../storage.ts";
import { cachedUser } from "../people/user-cache.ts";
import { type MentionedInDraft, recordMention } from "./drafts.ts";

/** What the composer is at, besides writing something new: answering a message, or changing an own one. */
export type Writing = { kind: "reply"; to: LiveMessageDto } | { kind: "edit"; message: LiveMessageDto; text: string } | null;

/** Of each room that is looked at. */
export const writing = signal<ReadonlyMap<string, Writing>>(new Map());

onOwnerChange(() => {
  writing.value = new Map();
});

export function startWriting(roomId: string, next: Writing): void {
  writing.value = new Map([...writing.peek(), [roomId, next]]);
}

/** What a reply shows of the message it answers, cut as the server cuts it. */
export const quoteOf = ({ id, seq, author, text }: LiveMessageDto): ReplyToDto => ({
  ...{ id, seq, authorName: author.displayName },
  excerpt: firstGraphemes(text, limits.excerptGraphemes),
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** The text as it goes out: names that were chosen from the list become ids, the longest first. */
export function toWire(text: string, named: MentionedInDraft): string {
  const names = Object.keys(named).sort((a, b) => b.length - a.length);
  if (names.length === 0) return text;
  const any = new RegExp(`(?:${names.map(escaped).join("|")})(?![\\p{L}\\p{N}_])`, "gu");
  return text.replace(any, (name) => (named[name] ? `<@${named[name]}>` : name));
}

/** A text that was sent, as it stands in the field: people by their names again. */
export function toField(roomId: string, text: string): string {
  const shown = (piece: ReturnType<typeof peopleIn>[number]): string => {
    if (typeof piece === "string") return piece;
    const face = piece.userId ? cachedUser(piece.userId) : null;
    if (!face) return piece.written;
    recordMention(roomId, `@${face.displayName}`, face.id);
    return `@${face.displayName}`;
  };
  return peopleIn(text).map(shown).join("");
}
