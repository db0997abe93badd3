import type { SendMessageInput, SentDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { privacyOf } from "../conversations/privacy-of.ts";
import { roomForMember } from "../rooms/access.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { maySpeak } from "../sanctions/policy.ts";
import { presentAuthor } from "../users/present.ts";
import type { Draft, Notice } from "./commit.ts";
import { languageOf } from "./language.ts";
import { findMentions, readersAmong } from "./mentions.ts";
import { maySendLinks } from "./policy.ts";
import { presentLiveMessage } from "./present.ts";
import { readByKeys } from "./queries.ts";
import { type Answered, findAnswered } from "./reply.ts";
import { takeTurn } from "./slow-mode.ts";
import { checkedText, hasLink } from "./text-rules.ts";

/** Who hears of a message by name: whom it names, and whom it answers. Of a conversation of two each hears everything anyway. */
async function noticesOf(ctx: Ctx, room: RoomFacts, mentions: readonly string[], answered: Answered | null): Promise<Notice[]> {
  if (room.kind === "direct") return [];
  const named = answered === null ? mentions : [...mentions, answered.authorId];
  const others = [...new Set(named)].filter((userId) => userId !== ctx.actor.id);
  const readers = await readersAmong(ctx.pool, room.id, others);
  return readers.map((userId) => ({ id: newId(), userId, kind: mentions.includes(userId) ? "mention" : "reply" }));
}

async function draftOf(ctx: Ctx, room: RoomFacts, input: SendMessageInput & { text: string }): Promise<Draft> {
  const { text, clientMessageId, replyToId } = input;
  const mentions = await findMentions(ctx, text);
  const answered = replyToId === undefined ? null : await findAnswered(ctx, room.id, replyToId);
  const privacy = await privacyOf(ctx, room);
  const named = mentions.length > 0 || answered !== null ? await noticesOf(ctx, room, mentions, answered) : [];
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

async function send(ctx: Ctx, room: RoomFacts, input: SendMessageInput & { text: string }): Promise<SentDto> {
  if (hasLink(input.text)) authorize(maySendLinks(ctx.actor));
  const draft = await draftOf(ctx, room, input);
  const giveBack = await takeTurn(ctx, room);
  try {
    return { message: await ctx.log.append(draft) };
  } catch (error) {
    await giveBack();
    throw error;
  }
}

/** What was sent under the same key before: a repeat is answered by it, whatever stands in the way of a new message by now. */
async function sentBefore(ctx: Ctx, input: SendMessageInput & { text: string }): Promise<SentDto | null> {
  const [row] = await readByKeys(ctx.pool, [{ authorId: ctx.actor.id, clientMessageId: input.clientMessageId }]);
  if (row === undefined || row.deleted_at !== null || row.room_id !== input.roomId || row.sent_text !== input.text) return null;
  return { message: presentLiveMessage(row) };
}

/**
 * Commits one message and announces it. The same `clientMessageId` again answers the first one.
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
