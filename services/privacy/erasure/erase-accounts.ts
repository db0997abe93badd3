import type { MessageErasure } from "../../../prisma/generated/enums.ts";
import { DELETED_USER } from "../../../utils/contract/deleted-user.ts";
import { notFailed, processEach } from "../../audit/process-rows.ts";
import type { Services } from "../../context.ts";
import { eraseUser } from "./erase-user.ts";

const JOB = "erase-accounts";
const DUE = `
  SELECT user_id AS "userId", messages FROM account_deletions
  WHERE due_at <= $1 AND ${notFailed({ job: JOB, key: "user_id", now: "$1" })} ORDER BY due_at LIMIT $2`;

const STILL_DUE = "SELECT FROM account_deletions WHERE user_id = $1 AND due_at <= $2";

type Due = { readonly userId: string; readonly messages: MessageErasure };

/** Erases an account whose grace period has ended, unless its owner cancels the deletion at the same time. */
export const eraseAccount = (
  services: Pick<Services, "db" | "pool" | "now" | "sessions" | "events" | "publish">,
  { userId, messages }: Due,
): Promise<boolean> =>
  eraseUser(services, {
    userId,
    displayName: DELETED_USER,
    messages,
    isStillDue: async (client) => ((await client.query(STILL_DUE, [userId, services.now()])).rowCount ?? 0) > 0,
  });

/**
 * Erases the accounts whose grace period has ended.
 * @returns how many were erased
 * @throws BatchError when some could not be erased; the others are, and the failed ones are retried later
 */
export async function eraseAccounts(
  services: Pick<Services, "db" | "pool" | "now" | "sessions" | "events" | "publish" | "logger">,
  { limit }: { limit: number },
): Promise<number> {
  const { rows } = await services.pool.query<Due>(DUE, [services.now(), limit]);
  const due = new Map(rows.map((row) => [row.userId, row]));
  const erase = async (userId: string): Promise<boolean> => {
    const row = due.get(userId);
    return row !== undefined && eraseAccount(services, row);
  };
  return processEach(services, { job: JOB, keys: [...due.keys()], work: erase });
}
