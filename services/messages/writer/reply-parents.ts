import type pg from "pg";
import type { ReplyToDto } from "../../../utils/contract/schemas/messages.ts";
import { presentReplyTo } from "../present.ts";
import { readParents } from "../queries.ts";
import type { PendingWrite } from "./pending-writes.ts";

/**
 * Reads what replies show of their parent messages, by the parents' ids, after the commit of the replies: the result includes parent
 * changes that were numbered before the reply, and those numbered later are published later. If the read fails, the draft's own excerpt is
 * used.
 */
export async function readParentsOf(pool: pg.Pool, waiting: readonly PendingWrite[]): Promise<ReadonlyMap<string, ReplyToDto>> {
  const ids = new Set(waiting.flatMap(({ draft }) => draft.replyTo?.id ?? []));
  if (ids.size === 0) return new Map();
  const rows = await readParents(pool, [...ids]).catch(() => []);
  return new Map(rows.flatMap((row) => presentReplyTo(row) ?? []).map((parent) => [parent.id, parent]));
}
