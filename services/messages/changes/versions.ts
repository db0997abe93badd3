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

/** The text a message bears now, as its newest version. */
const presentNow = (message: MessageRow, former: readonly Row[]): MessageVersionDto => ({
  version: former.length + 1,
  text: message.text,
  writtenAt: (former.at(-1)?.replaced_at ?? message.created_at).toISOString(),
  replacedAt: null,
  isDeleted: false,
});

/**
 * Every text a message bore, newest first, for its author and the staff; of a deleted one for the staff alone, as long as they
 * are kept.
 * @throws AppError `not_found`, `forbidden`, the refusals of the room's door
 */
export async function listVersions(ctx: Ctx, { messageId }: MessageParams): Promise<Page<MessageVersionDto>> {
  const [message] = await readByIds(ctx.pool, [messageId]);
  if (message === undefined) throw new AppError("not_found");
  const room = await roomForMember(ctx, message.room_id);
  authorize(mayReadVersions(ctx.actor, message, room));
  const { rows } = await ctx.pool.query<Row>(READ, [messageId]);
  const former = rows.map(present);
  return { items: (message.deleted_at !== null ? former : [...former, presentNow(message, rows)]).reverse(), nextCursor: null };
}

/** Of a deleted message all that it ever said goes, once the staff has had its time. */
const DELETED: Purge = {
  job: "purge-deleted-texts",
  table: "message_versions",
  key: { column: "message_id", type: "uuid" },
  due: "is_deleted AND replaced_at < $1",
};

/** Removes what deleted messages said, so long (`before`, in ms) after they were deleted. @returns how many texts */
export const purgeDeletedTexts = (services: RowServices, { before, limit }: { before: number; limit: number }): Promise<number> =>
  purgeRows(services, DELETED, { before: ago(services, before), limit });
