import type pg from "pg";
import { limits } from "../../utils/contract/limits.ts";
import type { ChangedDto, EditMessageInput, LiveMessageDto } from "../../utils/contract/messages.ts";
import { AppError } from "../../utils/errors.ts";
import { newId } from "../../utils/ids.ts";
import { authorize } from "../authorize.ts";
import type { Ctx } from "../context.ts";
import { needWriteAccess } from "../conversations/write-access.ts";
import { reviewText } from "../moderation/review-text.ts";
import { tellNotifications } from "../notifications/tell.ts";
import type { RoomFacts } from "../rooms/directory.ts";
import { maySpeak } from "../sanctions/policy.ts";
import { changeMessage } from "./change.ts";
import { languageOf } from "./language.ts";
import { findMentions, readersAmong } from "./mentions.ts";
import { makeNotices } from "./notices.ts";
import { mayEdit, maySendLinks } from "./policy.ts";
import type { MessageRow } from "./present.ts";
import { checkedText, hasLink } from "./text-rules.ts";
import { keepVersion } from "./versions.ts";

/** How many characters differ between two texts, from where they part to where they agree again. */
function changedCharacters(before: string, after: string): number {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  return Math.max(before.length, after.length) - start - end;
}

/** A slip mended at once leaves no mark. */
const isMended = (message: MessageRow, text: string, now: Date): boolean =>
  message.edited_at === null &&
  now.getTime() - message.created_at.getTime() <= limits.editGraceMs &&
  changedCharacters(message.text, text) <= limits.editGraceCharacters;

type Edit = { readonly text: string; readonly mentions: readonly string[] };

const WRITE = "UPDATE messages SET text = $2, language_code = $3, mentions = $4::uuid[], edited_at = $5 WHERE id = $1";

async function write(
  tx: pg.PoolClient,
  message: MessageRow,
  { text, mentions, ...at }: Edit & { room: RoomFacts; now: Date },
): Promise<void> {
  await keepVersion(tx, message, { isDeleted: false });
  const editedAt = isMended(message, text, at.now) ? null : at.now;
  const languageCode = await languageOf(text, at.room.languageCode);
  await tx.query(WRITE, [message.id, text, languageCode, mentions, editedAt]);
}

/** Tells those whom only the new text names. @returns the notifications made */
async function notify(tx: pg.PoolClient, message: MessageRow, mentions: readonly string[]): Promise<string[]> {
  const fresh = mentions.filter((userId) => userId !== message.author_id && !message.mentions.includes(userId));
  const readers = await readersAmong(tx, message.room_id, fresh);
  return makeNotices(
    tx,
    message.id,
    readers.map((userId) => ({ id: newId(), userId, kind: "mention" })),
  );
}

/** What is seen already cannot be held any more, so what would be is refused. @throws AppError `blocked_by_rule { message }` */
async function needApproval(ctx: Ctx, tx: pg.PoolClient, said: { room: RoomFacts; text: string }): Promise<void> {
  if ((await reviewText(ctx, tx, said)) === "approved") return;
  throw new AppError("blocked_by_rule", { message: "The same text went to several people who have not written back." });
}

/**
 * Gives one's own message another text, within 15 minutes. What it said before is kept for its author and the staff. The same
 * text again changes nothing.
 * @throws AppError `not_found`, `forbidden` for another's, `edit_window_closed`, `muted`, `blocked_by_rule { message }` for what would
 *   have been held, `cannot_message`, and what refuses a text
 */
export async function editMessage(ctx: Ctx, { messageId, text: raw }: EditMessageInput): Promise<ChangedDto> {
  authorize(maySpeak(ctx.actor));
  const text = checkedText(raw);
  if (hasLink(text)) authorize(maySendLinks(ctx.actor));
  const mentions = await findMentions(ctx, text);
  let told: string[] = [];
  const message = await changeMessage(ctx, messageId, async (tx, found, room) => {
    authorize(mayEdit(ctx.actor, found, ctx.now()));
    await needWriteAccess(tx, room, ctx.actor.id);
    if (found.text === text) return "nothing";
    await needApproval(ctx, tx, { room, text });
    await write(tx, found, { text, mentions, room, now: ctx.now() });
    if (room.kind !== "direct") told = await notify(tx, found, mentions);
    return "message and replies";
  });
  await tellNotifications(ctx, told);
  return { message: message as LiveMessageDto };
}
