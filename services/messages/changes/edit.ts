import { limits } from "../../../utils/contract/limits.ts";
import type { ChangedDto, EditMessageInput } from "../../../utils/contract/schemas/messages.ts";
import { hasLink } from "../../../utils/contract/text/links.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { authorize } from "../../authorize.ts";
import { checkText } from "../../automod/check-text.ts";
import type { Ctx } from "../../context.ts";
import { mayWrite } from "../../sanctions/policy.ts";
import { mayEdit, maySendLinks } from "../policy.ts";
import type { MessageRow } from "../present.ts";
import { detectLanguage } from "../text/language.ts";
import { filterReaders, findMentions } from "../text/mentions.ts";
import { checkedText } from "../text/text-rules.ts";
import { type ChangeCall, changeLiveMessage, type Readable } from "./change.ts";

/** Counts the characters that differ between two texts, from the first to the last difference. */
function changedCharacters(before: string, after: string): number {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return Math.max(before.length, after.length) - start - end;
}

/** Whether an edit is a small and immediate correction, which is not marked as edited. */
const isCorrection = (message: MessageRow, text: string, now: Date): boolean =>
  message.edited_at === null &&
  now.getTime() - message.created_at.getTime() <= limits.editGraceMs &&
  changedCharacters(message.text, text) <= limits.editGraceCharacters;

/**
 * A published message cannot be queued for review, so a text that needs review is rejected. @throws AppError `blocked_by_rule { message }`
 */
async function rejectUnapproved(ctx: Ctx<"pool" | "conversations" | "keyedMutex">, { room }: Readable, text: string): Promise<void> {
  if (room.kind === "language") return;
  const verdict = await ctx.keyedMutex(ctx.actor.id, () => checkText(ctx, { room, text }));
  if (verdict === "pending")
    throw new AppError("blocked_by_rule", { message: "You sent the same text to several people who haven't replied to you." });
}

/** Returns the users to notify: those whom only the new text mentions and who may read the room. A direct conversation notifies anyway. */
async function newlyMentioned(ctx: Ctx<"pool">, { message, room }: Readable, mentions: readonly string[]): Promise<string[]> {
  if (room.kind === "direct") return [];
  const fresh = mentions.filter((userId) => userId !== message.author_id && !message.mentions.includes(userId));
  return filterReaders(ctx.pool, room.id, fresh);
}

type Edit = { readonly call: ChangeCall; readonly notificationIds: readonly string[] };

/** Everything that takes time (mentions, review, language) happens here, before the room is locked. */
async function decideEdit(ctx: Ctx<"pool" | "now" | "conversations" | "keyedMutex">, readable: Readable, text: string): Promise<Edit> {
  const { message, room } = readable;
  authorize(mayEdit(ctx.actor, message, ctx.now()));
  if (hasLink(text)) authorize(maySendLinks(ctx.actor));
  const mentions = await findMentions(ctx, text);
  if (message.text !== text) await rejectUnapproved(ctx, readable, text);
  const [languageCode, recipients] = await Promise.all([detectLanguage(text, room.languageCode), newlyMentioned(ctx, readable, mentions)]);
  const notificationIds = recipients.map(() => newId());
  const editedAt = isCorrection(message, text, ctx.now()) ? null : ctx.now();
  const values = [message.text, ctx.actor.id, text, languageCode, mentions, editedAt, notificationIds, recipients];
  return { call: { name: "edit_message", values }, notificationIds };
}

/**
 * Replaces the text of the actor's own message, within 15 minutes. The previous text is kept for the author and the staff. The same text
 * again changes nothing.
 * @throws AppError `not_found`, `forbidden` for another user's message, `edit_window_closed`, `muted`, `blocked_by_rule { message }` for a
 * text that needs review, `cannot_message`, and the errors of an unacceptable text
 */
export async function editMessage(
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "keyedMutex" | "events">,
  { messageId, text: raw }: EditMessageInput,
): Promise<ChangedDto> {
  authorize(mayWrite(ctx.actor));
  const text = checkedText(raw);
  let notificationIds: readonly string[] = [];
  const edit = async (readable: Readable): Promise<ChangeCall> => {
    const decided = await decideEdit(ctx, readable, text);
    notificationIds = decided.notificationIds;
    return decided.call;
  };
  // One edit of a message at a time on this node: each decision depends on the text it replaces.
  const message = await ctx.keyedMutex(messageId, () => changeLiveMessage(ctx, messageId, edit));
  ctx.events.publish("notificationsCreated", { ids: notificationIds });
  return { message };
}
