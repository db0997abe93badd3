import { inTransaction } from "../../prisma/transaction.ts";
import type { HeldMessageDto } from "../../utils/contract/schemas/messages.ts";
import { AppError } from "../../utils/errors.ts";
import { openMessageCase } from "../automod/open-case.ts";
import type { Ctx } from "../context.ts";
import { lockRoom } from "../rooms/lock-room.ts";
import type { RoomRecord } from "../rooms/room-cache.ts";
import { requireSendAccess } from "../rooms/send-access.ts";
import { presentHeld } from "./present.ts";
import { readByIds } from "./queries.ts";
import type { Draft } from "./writer/draft.ts";
import { DRAFT_NAMES, DRAFT_VALUES, valuesOf } from "./writer/draft-columns.ts";

const INSERT = `
  INSERT INTO messages (${DRAFT_NAMES}, moderation)
  VALUES (${DRAFT_VALUES}, 'pending') ON CONFLICT (author_id, client_message_id) DO NOTHING`;

/**
 * Stores a message that waits for review, and opens a case about it. The message has no number, is published only to its author, and does
 * not appear in search. In a request it counts as the one allowed message.
 * @throws AppError `idempotency_conflict` if the key is in use, `cannot_message`
 */
export async function queueForReview(ctx: Ctx<"pool" | "publish" | "events">, room: RoomRecord, draft: Draft): Promise<HeldMessageDto> {
  const { row, caseId } = await inTransaction(ctx.pool, async (tx) => {
    await lockRoom(tx, room.id);
    await requireSendAccess(tx, room, draft.author.id);
    const isNew = (await tx.query(INSERT, valuesOf(draft))).rowCount === 1;
    if (!isNew) throw new AppError("idempotency_conflict");
    const opened = await openMessageCase(tx, { kind: "held", messageId: draft.id, reason: "spam" });
    return { row: (await readByIds(tx, [draft.id]))[0], caseId: opened };
  });
  if (row === undefined) throw new AppError("not_found");
  const message = presentHeld(row);
  ctx.publish.messageQueuedForReview(draft.author.id, { message });
  if (caseId !== null) ctx.events.publish("caseChanged", { id: caseId });
  return message;
}
