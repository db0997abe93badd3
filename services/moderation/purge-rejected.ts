import type { RowServices } from "../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../audit/purge-rows.ts";

const REJECTED: Purge = {
  job: "purge-deleted-texts",
  table: "messages",
  key: { column: "id", type: "uuid" },
  due: "seq IS NULL AND moderation = 'removed' AND created_at < $1",
};

/** Purges messages that were rejected before they were published and are older than `before` ms. @returns how many */
export const purgeRejected = (services: RowServices, { before, limit }: { before: number; limit: number }): Promise<number> =>
  purgeRows(services, REJECTED, { before: ago(services, before), limit });
