import type { MessageParams, MessageVersionDto } from "../../../utils/contract/schemas/messages.ts";
import type { Page } from "../../../utils/contract/schemas/primitives.ts";
import { AppError } from "../../../utils/errors.ts";
import type { RowServices } from "../../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../../audit/purge-rows.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { roomForMember } from "../../rooms/access.ts";
import { mayReadVersions } from "../policy.ts";
import type { MessageRow } from "../present.ts";
import { readByIds } from "../queries.ts";

type Row = { version: number; text: string; written_at: Date; replaced_at: Date; is_deleted: boolean };

const READ = `
  SELECT version, text, written_at, replaced_at, is_deleted FROM message_versions WHERE message_id = $1 ORDER BY version`;

const present = (row: Row): MessageVersionDto => ({
  version: row.version,
  text: row.text,
  writtenAt: row.written_at.toISOString(),
  replacedAt: row.replaced_at.toISOString(),
  isDeleted: row.is_deleted,
});

/** Returns the current text of a message as its latest version. */
const presentNow = (message: MessageRow, previous: readonly Row[]): MessageVersionDto => ({
  version: previous.length + 1,
  text: message.text,
  writtenAt: (previous.at(-1)?.replaced_at ?? message.created_at).toISOString(),
  replacedAt: null,
  isDeleted: false,
});

/**
 * Lists every text of a message, latest first, for its author and the staff; for a deleted message for the staff only, until the texts are
 * purged.
 * @throws AppError `not_found`, `forbidden`, the errors of entering the room
 */
export async function listVersions(
  ctx: Ctx<"pool" | "rooms" | "conversations">,
  { messageId }: MessageParams,
): Promise<Page<MessageVersionDto>> {
  const [message] = await readByIds(ctx.pool, [messageId]);
  if (message === undefined) throw new AppError("not_found");
  const room = await roomForMember(ctx, message.room_id);
  authorize(mayReadVersions(ctx.actor, message, room));
  const { rows } = await ctx.pool.query<Row>(READ, [messageId]);
  const previous = rows.map(present);
  return { items: (message.deleted_at !== null ? previous : [...previous, presentNow(message, rows)]).reverse(), nextCursor: null };
}

/** Purges all texts of deleted messages after the retention for staff. */
const DELETED: Purge = {
  job: "purge-deleted-texts",
  table: "message_versions",
  key: { column: "message_id", type: "uuid" },
  due: "is_deleted AND replaced_at < $1",
};

/** Purges the texts of messages that were deleted more than `before` ms ago. @returns how many texts */
export const purgeDeletedTexts = (services: RowServices, { before, limit }: { before: number; limit: number }): Promise<number> =>
  purgeRows(services, DELETED, { before: ago(services, before), limit });
