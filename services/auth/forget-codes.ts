import type { Services } from "../context.ts";

type Batch = { readonly limit: number };
type Books = Pick<Services, "pool" | "now">;

const DAY_MS = 86_400_000;

const forget =
  (text: string, keepMs: number) =>
  async ({ pool, now }: Books, { limit }: Batch): Promise<number> =>
    (await pool.query(text, [new Date(now().getTime() - keepMs), limit])).rowCount ?? 0;

/** Removes codes that were sent more than a day ago; until then they count for the budget of the day. @returns how many */
export const forgetPhoneCodes = forget(
  "DELETE FROM phone_verifications WHERE id IN (SELECT id FROM phone_verifications WHERE created_at < $1 LIMIT $2)",
  DAY_MS,
);

/** Removes mailed tokens that are used or too old. @returns how many */
export const forgetMailTokens = forget(
  `DELETE FROM mail_tokens WHERE hash IN (SELECT hash FROM mail_tokens WHERE expires_at < $1 OR used_at IS NOT NULL LIMIT $2)`,
  0,
);

/** Removes questions to passkeys that nobody answered in time. @returns how many */
export const forgetChallenges = forget(
  "DELETE FROM passkey_challenges WHERE id IN (SELECT id FROM passkey_challenges WHERE expires_at < $1 LIMIT $2)",
  0,
);
