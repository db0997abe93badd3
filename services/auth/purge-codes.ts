import { DAY_MS } from "../../utils/clock.ts";
import type { RowServices } from "../audit/process-rows.ts";
import { ago, type Purge, purgeRows } from "../audit/purge-rows.ts";

type Batch = { readonly limit: number };

const job = "purge-codes";

const CODES: Purge = { job, table: "phone_verifications", key: { column: "id", type: "uuid" }, due: "created_at < $1" };
const TOKENS: Purge = { job, table: "mail_tokens", key: { column: "hash", type: "bytea" }, due: "expires_at < $1 OR used_at IS NOT NULL" };
const CHALLENGES: Purge = { job, table: "passkey_challenges", key: { column: "id", type: "uuid" }, due: "expires_at < $1" };

const TRIES: Purge = { job, table: "phone_code_tries", key: { column: "blind_index", type: "bytea" }, due: "last_tried_at < $1" };
const BUDGETS: Purge = { job, table: "sms_budgets", key: { column: "day", type: "date" }, due: "day < $1" };
const BUDGETS_MS = 30 * DAY_MS;

/** Removes code attempts one day after the last attempt of a number. @returns how many numbers */
export const purgePhoneAttempts = (services: RowServices, { limit }: Batch): Promise<number> =>
  purgeRows(services, TRIES, { before: ago(services, DAY_MS), limit });

/** Removes the daily text message counts after 30 days. @returns how many days */
export const purgeSmsBudgets = (services: RowServices, { limit }: Batch): Promise<number> =>
  purgeRows(services, BUDGETS, { before: ago(services, BUDGETS_MS), limit });

/** Removes codes that were sent more than a day ago; until then they count toward the daily limits. @returns how many */
export const purgePhoneCodes = (services: RowServices, { limit }: Batch): Promise<number> =>
  purgeRows(services, CODES, { before: ago(services, DAY_MS), limit });

/** Removes mailed tokens that are used or expired. @returns how many */
export const purgeMailTokens = (services: RowServices, { limit }: Batch): Promise<number> =>
  purgeRows(services, TOKENS, { before: services.now(), limit });

/** Removes expired passkey challenges. @returns how many */
export const purgeChallenges = (services: RowServices, { limit }: Batch): Promise<number> =>
  purgeRows(services, CHALLENGES, { before: services.now(), limit });
