import type { SendMessageInput, SentDto, SentMessageDto } from "../../utils/contract/schemas/messages.ts";
import { hasLink } from "../../utils/contract/text/links.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import { checkText } from "../automod/check-text.ts";
import { hookVerdict } from "../automod/hook/hook-verdict.ts";
import type { Call, Ctx } from "../context.ts";
import { type RaidHold, recordRaidHold } from "../raids/raid-verdict.ts";
import { reviewForRaid } from "../raids/review-message.ts";
import { roomForMember } from "../rooms/access.ts";
import { deliveryRulesOf } from "../rooms/delivery-rules.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { mayWriteIn } from "../sanctions/policy.ts";
import { presentAuthor } from "../users/present.ts";
import { isSlowModeLimited, maySendLinks } from "./policy.ts";
import { presentSent } from "./present.ts";
import { readByKeys } from "./queries.ts";
import { queueForReview } from "./queue-for-review.ts";
import { findAnswered } from "./reply.ts";
import { publishFlag, publishRejection, ruleFor } from "./rule-verdict.ts";
import { takeSlot } from "./slow-mode.ts";
import { detectLanguage } from "./text/language.ts";
import { findMentions } from "./text/mentions.ts";
import { checkedText } from "./text/text-rules.ts";
import type { Draft } from "./writer/draft.ts";
import { notificationsOf } from "./writer/pending-notifications.ts";

type SendText = SendMessageInput & { readonly text: string };

type SendCtx = Ctx<
  | "pool"
  | "rooms"
  | "ownRooms"
  | "conversations"
  | "messageWriter"
  | "keyedMutex"
  | "publish"
  | "events"
  | "typing"
  | "logger"
  | "now"
  | "raidDetector"
  | "automod"
  | "messageHook"
>;

/** Looks up the references of a message in parallel; a plain message in a language room needs no look-up. */
async function referencesOf(ctx: Ctx<"pool" | "rooms" | "conversations">, room: RoomRecord, { text, replyToId }: SendText) {
  const [mentions, answered, privacy] = await Promise.all([
    findMentions(ctx, text),
    replyToId === undefined ? null : findAnswered(ctx, room.id, replyToId),
    deliveryRulesOf(ctx, room),
  ]);
  const notified = { authorId: ctx.actor.id, mentions, answeredId: answered?.authorId ?? null };
  const named = mentions.length > 0 || answered !== null ? await notificationsOf(ctx.pool, room, notified) : [];
  return {
    mentions,
    replyTo: answered?.replyTo ?? null,
    notifications: [...named, ...(privacy?.notifications ?? [])],
    conversation: privacy,
  };
}

type References = Awaited<ReturnType<typeof referencesOf>>;

const NO_REFERENCES: References = { mentions: [], replyTo: null, notifications: [], conversation: null };

const isPlain = (room: RoomRecord, { text, replyToId }: SendText): boolean =>
  room.kind === "language" && replyToId === undefined && !text.includes("@");

/**
 * Creates the draft of a message. Its language may still be unknown: the writer waits for it, so that the sender's order is kept
 * meanwhile.
 */
function draftOf(ctx: Call, room: RoomRecord, content: SendText, references: References): Draft {
  const { text, clientMessageId } = content;
  const language = detectLanguage(text, room.languageCode);
  const isDetected = !(language instanceof Promise);
  const draft: Draft = {
    id: newId(),
    roomId: room.id,
    author: presentAuthor(ctx.actor),
    clientMessageId,
    text,
    languageCode: isDetected ? language : room.languageCode,
    language: null,
    replyTo: references.replyTo,
    mentions: references.mentions,
    notifications: references.notifications,
    conversation: references.conversation,
  };
  if (isDetected) return draft;
  draft.language = language.then((code) => {
    draft.languageCode = code;
    draft.language = null;
  });
  return draft;
}

/** Queues a message, and releases the next message of its socket as soon as it is queued. */
function queue(ctx: Ctx<"messageWriter">, draft: Draft): Promise<SentMessageDto> {
  const written = ctx.messageWriter.write(draft);
  ctx.sendPosition?.release();
  return written;
}

/**
 * Whether a message must wait for review. Texts that one user sends to strangers concurrently are reviewed in sequence, each together with
 * the previous ones.
 */
async function needsReview(ctx: Ctx<"pool" | "conversations" | "keyedMutex">, room: RoomRecord, text: string): Promise<boolean> {
  return (await ctx.keyedMutex(ctx.actor.id, () => checkText(ctx, { room, text }))) === "pending";
}

/** A draft, and why it must be held for review whatever its recipients are: by a rule or classifier, or by a raid mode. */
type CheckedDraft = { readonly draft: Draft; readonly isHeld: boolean; readonly raidHold: RaidHold | null };

/** Writes a message, or queues it for review: because a rule or a raid mode holds it, or because it is sent to many strangers. */
async function write(
  ctx: Ctx<"pool" | "conversations" | "messageWriter" | "keyedMutex" | "publish" | "events">,
  room: RoomRecord,
  { draft, isHeld, raidHold }: CheckedDraft,
): Promise<SentMessageDto> {
  const isSent = !isHeld && raidHold === null && (room.kind === "language" || !(await needsReview(ctx, room, draft.text)));
  if (isSent) return queue(ctx, draft);
  await draft.language;
  const message = await queueForReview(ctx, room, draft);
  // A message that a rule holds too is not released when the raid mode ends.
  if (raidHold !== null && !isHeld) await recordRaidHold(ctx.pool, draft.id, raidHold);
  return message;
}

/**
 * Records the room as one of the actor's own rooms, in parallel with the commit. If this fails the message is sent anyway: the next one
 * records the room.
 */
async function recordOwnRoom({ actor, logger, ownRooms }: Ctx<"ownRooms" | "logger">, room: RoomRecord): Promise<void> {
  if (room.kind !== "language") return;
  await ownRooms.record(room.id, actor.id).catch((error: unknown) => logger.debug("could not record an own room", { error }));
}

async function send(ctx: SendCtx, room: RoomRecord, content: SendText): Promise<SentDto> {
  if (hasLink(content.text)) authorize(maySendLinks(ctx.actor));
  const references = isPlain(room, content) ? NO_REFERENCES : await referencesOf(ctx, room, content);
  const checked = ruleFor(ctx, { room, text: content.text, mentions: references.mentions.length, isEdit: false });
  const rule = checked instanceof Promise ? await checked : checked;
  const draft = draftOf(ctx, room, content, references);
  const verdict = rule?.outcome === "hold" ? "hold" : hookVerdict(ctx, { room, text: content.text, languageCode: draft.languageCode });
  const isHeld = (verdict instanceof Promise ? await verdict : verdict) === "hold";
  const turn = ctx.sendPosition?.previous;
  if (turn) await turn;
  const reviewed = reviewForRaid(ctx, room, content.text);
  const raidHold = reviewed instanceof Promise ? await reviewed : reviewed;
  const releaseSlot = isSlowModeLimited(ctx.actor, room) ? await takeSlot(ctx, room) : null;
  const recorded = isHeld || raidHold !== null ? null : recordOwnRoom(ctx, room);
  try {
    const message = await write(ctx, room, { draft, isHeld, raidHold });
    // A repeat is answered with the earlier message and writes nothing.
    if (message.id !== draft.id) await releaseSlot?.();
    else publishFlag(ctx, rule, message.id);
    await recorded;
    return { message };
  } catch (error) {
    await releaseSlot?.();
    throw error;
  }
}

/**
 * Returns the message that was sent under the same key before: a repeat is answered with it, even if a new message would be rejected now.
 */
async function sentBefore(ctx: Ctx<"pool">, input: SendText): Promise<SentDto | null> {
  const [row] = await readByKeys(ctx.pool, [{ authorId: ctx.actor.id, clientMessageId: input.clientMessageId }]);
  if (row === undefined || row.deleted_at !== null || row.room_id !== input.roomId || row.sent_text !== input.text) return null;
  return { message: presentSent(row) };
}

/**
 * Commits and publishes one message, or queues it for review. The same `clientMessageId` again returns the first message.
 * @throws AppError `not_found`, the errors of entering the room, `muted { until, rule }`, `text_empty`, `text_too_long { max }`,
 * `account_required` for a guest's link, `too_many_mentions { max }`, `reply_other_room`, `slow_mode { retryAfterMs }`,
 * `idempotency_conflict`, `cannot_message`, `guests_paused { until }`, `blocked_by_rule { message }`, `unavailable`
 */
export async function sendMessage(ctx: SendCtx, input: SendMessageInput): Promise<SentDto> {
  ctx.automod.prepare();
  const room = await roomForMember(ctx, input.roomId);
  authorize(mayWriteIn(ctx.actor, room));
  const content = { ...input, text: checkedText(input.text) };
  try {
    return await send(ctx, room, content);
  } catch (error) {
    const before = error instanceof AppError && error.code !== "unavailable" ? await sentBefore(ctx, content) : null;
    if (before !== null) return before;
    publishRejection(ctx, error);
    throw error;
  } finally {
    ctx.sendPosition?.release();
    ctx.typing.stop(room.id, ctx.actor.id);
  }
}
