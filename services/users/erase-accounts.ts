import type { MessageFate } from "../../prisma/generated/enums.ts";
import type { Services } from "../context.ts";
import { eraseUser } from "./erase-user.ts";
import { DELETED_USER } from "./former-self.ts";

const DUE = `
  SELECT user_id AS "userId", messages FROM account_deletions WHERE due_at <= $1 ORDER BY due_at LIMIT $2`;

const STILL_DUE = "SELECT FROM account_deletions WHERE user_id = $1 AND due_at <= $2";

type Due = { readonly userId: string; readonly messages: MessageFate };

/** Erases an account whose time has come, unless its owner came back in this very moment. */
export const eraseAccount = (services: Services, { userId, messages }: Due): Promise<boolean> =>
  eraseUser(services, {
    userId,
    displayName: DELETED_USER,
    messages,
    isStillDue: async (client) => ((await client.query(STILL_DUE, [userId, services.now()])).rowCount ?? 0) > 0,
  });

/**
 * Erases the accounts whose owners have not come back in time. One that cannot be erased keeps none of the others waiting.
 * @returns how many were erased
 * @throws AggregateError when some could not be; they are tried again by the next run
 */
export async function eraseAccounts(services: Services, { limit }: { limit: number }): Promise<number> {
  const { rows } = await services.pool.query<Due>(DUE, [services.now(), limit]);
  const errors: unknown[] = [];
  let erased = 0;
  for (const due of rows) {
    try {
      if (await eraseAccount(services, due)) erased += 1;
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} accounts could not be erased`);
  return erased;
}
