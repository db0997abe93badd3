import { DAY_MS } from "../../../utils/clock.ts";
import type { RowServices } from "../../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../../audit/purge-rows.ts";

/** How long a case is kept after it was resolved. */
const KEPT_MS = 365 * DAY_MS;

const RESOLVED: Purge = {
  job: "purge-moderation",
  table: "moderation_cases",
  key: { column: "id", type: "uuid" },
  due: "resolved_at < $1",
};

/** Purges cases a year after they were resolved, with their reports and evidence. The actions stay. @returns how many */
export const purgeCases = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, RESOLVED, { before: ago(services, KEPT_MS), limit });
