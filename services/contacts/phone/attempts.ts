import { DAY_MS } from "../../../utils/clock.ts";
import { phoneCodes } from "../../../utils/contract/limits.ts";
import type { Services } from "../../context.ts";
import type { Bytes } from "../../vault/vault.ts";

type AttemptServices = Pick<Services, "pool" | "now">;

/** Selects the recent attempts: those of the last day ($3). */
const RECENT = "SELECT at FROM unnest(t.tried_at) AS at WHERE at > $3";

/**
 * Takes one attempt unless the limit of the window or the day is reached; concurrent attempts are counted one after the other. Older
 * attempts are dropped, so a row contains at most one day.
 */
const TAKE = `
  INSERT INTO phone_code_tries AS t (blind_index, tried_at, last_tried_at) VALUES ($1, ARRAY[$2::timestamptz], $2)
  ON CONFLICT (blind_index) DO UPDATE SET tried_at = ARRAY(${RECENT}) || $2::timestamptz, last_tried_at = $2
    WHERE (SELECT count(*) < $6 AND count(*) FILTER (WHERE at > $4) < $5 FROM (${RECENT}) recent)
  RETURNING (SELECT count(*) FROM unnest(t.tried_at) AS at WHERE at > $4) AS "inWindow", cardinality(t.tried_at) AS "inDay"`;

const TRIED = "SELECT at FROM phone_code_tries, unnest(tried_at) AS at WHERE blind_index = $1 AND at > $2 ORDER BY at DESC";

const FORGET = "DELETE FROM phone_code_tries WHERE blind_index = $1";

const limitTimesOf = (now: Date) => ({
  dayAgo: new Date(now.getTime() - DAY_MS),
  windowStart: new Date(now.getTime() - phoneCodes.tries.windowMs),
});

/**
 * Takes one of a number's attempts before a code is compared. However many codes the number has and however many requests are concurrent,
 * at most five are compared in ten minutes and twenty in a day.
 * @returns the number of attempts left, or null when the limit is reached
 */
export async function takeAttempt({ pool, now }: AttemptServices, blindIndex: Bytes): Promise<number | null> {
  const { perWindow, perDay } = phoneCodes.tries;
  const moment = now();
  const { dayAgo, windowStart } = limitTimesOf(moment);
  const values = [Buffer.from(blindIndex), moment, dayAgo, windowStart, perWindow, perDay];
  const [taken] = (await pool.query<{ inWindow: number; inDay: number }>(TAKE, values)).rows;
  return taken === undefined ? null : Math.min(perWindow - taken.inWindow, perDay - taken.inDay);
}

/** Returns the wait in ms until a number's next attempt; 0 if one is available. */
export async function attemptWaitMs({ pool, now }: AttemptServices, blindIndex: Bytes): Promise<number> {
  const { perWindow, perDay, windowMs } = phoneCodes.tries;
  const moment = now();
  const { rows } = await pool.query<{ at: Date }>(TRIED, [Buffer.from(blindIndex), limitTimesOf(moment).dayAgo]);
  const until = (row: { at: Date } | undefined, ms: number): number => (row === undefined ? 0 : ms - (moment.getTime() - row.at.getTime()));
  return Math.max(0, until(rows[perWindow - 1], windowMs), until(rows[perDay - 1], DAY_MS));
}

/** Clears a number's attempts after a correct code, which proves possession of the phone. */
export async function clearAttempts({ pool }: Pick<AttemptServices, "pool">, blindIndex: Bytes): Promise<void> {
  await pool.query(FORGET, [Buffer.from(blindIndex)]);
}
