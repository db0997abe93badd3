import type pg from "pg";
import type { ReplyToDto } from "../../../utils/contract/schemas/messages.ts";
import { presentReplyTo } from "../present.ts";
import { readParents } from "../queries.ts";
import type { PendingWrite } from "./pending-writes.ts";

/**
 * Reads what replies show of their parents, by the parents' ids, after the commit of the replies: a change of a parent that was numbered
 * before the reply is in it, and one that is numbered later is published later. Where it cannot be read, the draft's own excerpt stays.
 */
export async function readParentsOf(pool: pg.Pool, waiting: readonly PendingWrite[]): Promise<ReadonlyMap<string, ReplyToDto>> {
  const ids = new Set(waiting.flatMap(({ draft }) => draft.replyTo?.id ?? []));
  if (ids.size === 0) return new Map();
  const rows = await readParents(pool, [...ids]).catch(() => []);
  return new Map(rows.flatMap((row) => presentReplyTo(row) ?? []).map((parent) => [parent.id, parent]));
}
