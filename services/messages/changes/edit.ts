import { limits } from "../../../utils/contract/limits.ts";
import type { ChangedDto, EditMessageInput } from "../../../utils/contract/schemas/messages.ts";
import { hasLink } from "../../../utils/contract/text/links.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { allOf, authorize } from "../../authorize.ts";
import { checkText } from "../../automod/check-text.ts";
import { hookVerdict } from "../../automod/hook/hook-verdict.ts";
import { DEFAULT_MESSAGE, RejectedByRule } from "../../automod/rules/rejected-by-rule.ts";
import type { Rule } from "../../automod/rules/rule.ts";
import type { Ctx } from "../../context.ts";
import { mayLinkIn } from "../../raids/review-message.ts";
import { mayWrite } from "../../sanctions/policy.ts";
import { mayEdit, maySendLinks } from "../policy.ts";
import type { MessageRow } from "../present.ts";
import { publishFlag, publishRejection, ruleFor } from "../rule-verdict.ts";
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

type NewText = { readonly text: string; readonly mentions: number };

/**
 * Checks a new text. A published message cannot be queued for review, so a text that needs review is rejected.
 * @returns the automatic rule that flags it, or null
 * @throws AppError `blocked_by_rule { message }`
 */
async function checkNewText(
  ctx: Ctx<"pool" | "conversations" | "keyedMutex" | "automod" | "messageHook">,
  { room }: Readable,
  { text, mentions }: NewText,
): Promise<Rule | null> {
  const rule = await ruleFor(ctx, { room, text, mentions, isEdit: true });
  if (rule?.outcome === "hold") throw new RejectedByRule(rule);
  const held = await hookVerdict(ctx, { room, text, languageCode: room.languageCode });
  if (held === "hold") throw new AppError("blocked_by_rule", { message: DEFAULT_MESSAGE });
  if (room.kind === "language") return rule;
  const verdict = await ctx.keyedMutex(ctx.actor.id, () => checkText(ctx, { room, text }));
  if (verdict === "pending")
    throw new AppError("blocked_by_rule", { message: "You sent the same text to several people who haven't replied to you." });
  return rule;
}

/** Returns the users to notify: those whom only the new text mentions and who may read the room. A direct conversation notifies anyway. */
async function newlyMentioned(ctx: Ctx<"pool">, { message, room }: Readable, mentions: readonly string[]): Promise<string[]> {
  if (room.kind === "direct") return [];
  const fresh = mentions.filter((userId) => userId !== message.author_id && !message.mentions.includes(userId));
  return filterReaders(ctx.pool, room.id, fresh);
}

type Edit = { readonly call: ChangeCall; readonly notificationIds: readonly string[]; readonly rule: Rule | null };

/** Everything that takes time (mentions, review, language) happens here, before the room is locked. */
async function decideEdit(
  ctx: Ctx<"pool" | "now" | "conversations" | "keyedMutex" | "automod" | "messageHook">,
  readable: Readable,
  text: string,
): Promise<Edit> {
  const { message, room } = readable;
  authorize(mayEdit(ctx.actor, message, ctx.now()));
  if (hasLink(text)) authorize(allOf(maySendLinks(ctx.actor), mayLinkIn(ctx.actor, room)));
  const mentions = await findMentions(ctx, text);
  const rule = message.text === text ? null : await checkNewText(ctx, readable, { text, mentions: mentions.length });
  const [languageCode, recipients] = await Promise.all([detectLanguage(text, room.languageCode), newlyMentioned(ctx, readable, mentions)]);
  const notificationIds = recipients.map(() => newId());
  const editedAt = isCorrection(message, text, ctx.now()) ? null : ctx.now();
  const values = [message.text, ctx.actor.id, text, languageCode, mentions, editedAt, notificationIds, recipients];
  return { call: { name: "edit_message", values }, notificationIds, rule };
}

/**
 * Replaces the text of the actor's own message, within 15 minutes. The previous text is kept for the author and the staff. The same text
 * again changes nothing.
 * @throws AppError `not_found`, `forbidden` for another user's message, `edit_window_closed`, `muted`, `blocked_by_rule { message }` for a
 * text that needs review, `cannot_message`, and the errors of an unacceptable text
 */
export async function editMessage(
  ctx: Ctx<"pool" | "now" | "rooms" | "conversations" | "keyedMutex" | "events" | "automod" | "messageHook">,
  { messageId, text: raw }: EditMessageInput,
): Promise<ChangedDto> {
  authorize(mayWrite(ctx.actor));
  const text = checkedText(raw);
  let notificationIds: readonly string[] = [];
  let rule: Rule | null = null;
  const edit = async (readable: Readable): Promise<ChangeCall> => {
    const decided = await decideEdit(ctx, readable, text);
    notificationIds = decided.notificationIds;
    rule = decided.rule;
    return decided.call;
  };
  // One edit of a message at a time on this node: each decision depends on the text it replaces.
  const message = await ctx
    .keyedMutex(messageId, () => changeLiveMessage(ctx, messageId, edit))
    .catch((error: unknown) => {
      publishRejection(ctx, error);
      throw error;
    });
  ctx.events.publish("notificationsCreated", { ids: notificationIds });
  publishFlag(ctx, rule, messageId);
  return { message };
}
