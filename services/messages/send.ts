import type { SendMessageInput, SentDto, SentMessageDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { privacyOf } from "../conversations/privacy-of.ts";
import { reviewText } from "../moderation/review-text.ts";
import { roomForMember } from "../rooms/access.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { maySpeak } from "../sanctions/policy.ts";
import { presentAuthor } from "../users/present.ts";
import type { Draft } from "./commit.ts";
import { holdMessage } from "./hold.ts";
import { languageOf } from "./language.ts";
import { findMentions } from "./mentions.ts";
import { noticesOf } from "./notices.ts";
import { maySendLinks } from "./policy.ts";
import { presentSent } from "./present.ts";
import { readByKeys } from "./queries.ts";
import { findAnswered } from "./reply.ts";
import { takeTurn } from "./slow-mode.ts";
import { checkedText, hasLink } from "./text-rules.ts";

async function draftOf(ctx: Ctx, room: RoomFacts, input: SendMessageInput & { text: string }): Promise<Draft> {
  const { text, clientMessageId, replyToId } = input;
  const mentions = await findMentions(ctx, text);
  const answered = replyToId === undefined ? null : await findAnswered(ctx, room.id, replyToId);
  const privacy = await privacyOf(ctx, room);
  const told = { authorId: ctx.actor.id, mentions, answeredId: answered?.authorId ?? null };
  const named = mentions.length > 0 || answered !== null ? await noticesOf(ctx.pool, room, told) : [];
  return {
    id: newId(),
    roomId: room.id,
    author: presentAuthor(ctx.actor),
    clientMessageId,
    text,
    languageCode: await languageOf(text, room.languageCode),
    replyTo: answered?.replyTo ?? null,
    mentions,
    notices: [...named, ...(privacy?.notices ?? [])],
    conversation: privacy,
  };
}

/** Of texts that one person sends to strangers at once, each is looked at with those before it. */
async function write(ctx: Ctx, room: RoomFacts, draft: Draft): Promise<SentMessageDto> {
  if (room.kind !== "direct") return ctx.log.append(draft);
  return ctx.inTurn(ctx.actor.id, async () => {
    const verdict = await reviewText(ctx, ctx.pool, { room, text: draft.text });
    return verdict === "pending" ? holdMessage(ctx, room, draft) : ctx.log.append(draft);
  });
}

async function send(ctx: Ctx, room: RoomFacts, input: SendMessageInput & { text: string }): Promise<SentDto> {
  if (hasLink(input.text)) authorize(maySendLinks(ctx.actor));
  const draft = await draftOf(ctx, room, input);
  const giveBack = await takeTurn(ctx, room);
  try {
    return { message: await write(ctx, room, draft) };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** What was sent under the same key before: a repeat is answered by it, whatever stands in the way of a new message by now. */
async function sentBefore(ctx: Ctx, input: SendMessageInput & { text: string }): Promise<SentDto | null> {
  const [row] = await readByKeys(ctx.pool, [{ authorId: ctx.actor.id, clientMessageId: input.clientMessageId }]);
  if (row === undefined || row.deleted_at !== null || row.room_id !== input.roomId || row.sent_text !== input.text) return null;
  return { message: presentSent(row) };
}

/**
 * Commits one message and announces it, or holds it for review. The same `clientMessageId` again answers the first one.
 * @throws AppError `not_found`, the refusals of the room's door, `muted { until, rule }`, `text_empty`, `text_too_long { max }`,
 *   `account_required` for a guest's link, `too_many_mentions { max }`, `reply_other_room`, `slow_mode { retryAfterMs }`,
 *   `idempotency_conflict`, `cannot_message`, `unavailable`
 */
export async function sendMessage(ctx: Ctx, input: SendMessageInput): Promise<SentDto> {
  const room = await roomForMember(ctx, input.roomId);
  authorize(maySpeak(ctx.actor));
  const words = { ...input, text: checkedText(input.text) };
  try {
    return await send(ctx, room, words);
  } catch (error) {
    const before = error instanceof AppError && error.code !== "unavailable" ? await sentBefore(ctx, words) : null;
    if (before === null) throw error;
    return before;
  } finally {
    ctx.typing.stop(room.id, ctx.actor.id);
  }
}
