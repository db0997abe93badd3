import { inTransaction } from "../../prisma/transaction.ts";
import type { HeldMessageDto } from "../../utils/contract/schemas/messages.ts";
import { AppError } from "../../utils/errors.ts";
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
 * Stores a message in the moderation queue: it has no number, is published only to its author, and does not appear in search. In a request
 * it counts as the one allowed message.
 * @throws AppError `idempotency_conflict` if the key is in use, `cannot_message`
 */
export async function queueForReview(ctx: Ctx<"pool" | "publish">, room: RoomRecord, draft: Draft): Promise<HeldMessageDto> {
  const row = await inTransaction(ctx.pool, async (tx) => {
    await lockRoom(tx, room.id);
    await requireSendAccess(tx, room, draft.author.id);
    const isNew = (await tx.query(INSERT, valuesOf(draft))).rowCount === 1;
    if (!isNew) throw new AppError("idempotency_conflict");
    return (await readByIds(tx, [draft.id]))[0];
  });
  if (row === undefined) throw new AppError("not_found");
  const message = presentHeld(row);
  ctx.publish.messageQueuedForReview(draft.author.id, { message });
  return message;
}
