import { DAY_MS } from "../../utils/clock.ts";
import type { RowServices } from "../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../audit/purge-rows.ts";

const READ_MS = 30 * DAY_MS;
const ANY_MS = 90 * DAY_MS;

const key = { column: "id", type: "uuid" } as const;
const READ: Purge = { job: "purge-notifications/read", table: "notifications", key, due: "read_at < $1" };
const ANY: Purge = { job: "purge-notifications", table: "notifications", key, due: "created_at < $1" };

/** Purges notifications 30 days after they were read. @returns how many */
export const purgeReadNotifications = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, READ, { before: ago(services, READ_MS), limit });

/** Purges notifications after 90 days, read or not. @returns how many */
export const purgeNotifications = (services: RowServices, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, ANY, { before: ago(services, ANY_MS), limit });
