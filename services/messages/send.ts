import { limits } from "../../utils/contract/limits.ts";
import type { SendMessageInput, SentDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import { exceedsGraphemes } from "../../utils/graphemes.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import type { Actor, Ctx } from "../context.ts";
import { roomForMember } from "../rooms/access.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { maySpeak } from "../sanctions/policy.ts";
import { presentAuthor } from "../users/present.ts";
import type { Draft } from "./commit.ts";

const draftOf = (actor: Actor, room: RoomFacts, input: SendMessageInput & { text: string }): Draft => ({
  id: newId(),
  roomId: room.id,
  author: presentAuthor(actor),
  clientMessageId: input.clientMessageId,
  text: input.text,
  languageCode: room.languageCode,
  replyTo: null,
  mentions: [],
  notices: [],
});

/** Anything a reader would see: not only spaces, controls and characters that are drawn as nothing. */
const VISIBLE = /[^\s\p{Cc}\p{Default_Ignorable_Code_Point}\u2800]/u;

/** Refuses what is no message: nothing to read, or more than anyone would. */
function checkedText(text = ""): string {
  if (!VISIBLE.test(text)) throw new AppError("text_empty");
  if (exceedsGraphemes(text, limits.textGraphemes)) throw new AppError("text_too_long", { max: limits.textGraphemes });
  return text;
}

/**
 * Commits one message and announces it. The same `clientMessageId` again answers the first one.
 * @throws AppError `not_found`, the refusals of the room's door, `muted { until, rule }`, `text_empty`, `text_too_long { max }`,
 *   `idempotency_conflict`, `unavailable`
 */
export async function sendMessage(ctx: Ctx, input: SendMessageInput): Promise<SentDto> {
  const room = await roomForMember(ctx, input.roomId);
  authorize(maySpeak(ctx.actor));
  const text = checkedText(input.text);
  const message = await ctx.log.append(draftOf(ctx.actor, room, { ...input, text }));
  ctx.typing.stop(room.id, ctx.actor.id);
  return { message };
}
