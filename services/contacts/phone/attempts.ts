import { phoneCodes } from "../../../utils/contract/limits.ts";
import type { Services } from "../../context.ts";
import type { Bytes } from "../../vault/vault.ts";

type AttemptServices = Pick<Services, "pool" | "now">;

const DAY_MS = 86_400_000;

/** The tries of the last day, and those of the window. */
const RECENT = "SELECT at FROM unnest(t.tried_at) AS at WHERE at > $3";

/**
 * Takes one try, unless the window or the day is full; of many at once, each sees the tries before it. The times of older tries are
 * dropped, so a row holds one day at most.
 */
const TAKE = `
  INSERT INTO phone_code_tries AS t (blind_index, tried_at, last_tried_at) VALUES ($1, ARRAY[$2::timestamptz], $2)
  ON CONFLICT (blind_index) DO UPDATE SET tried_at = ARRAY(${RECENT}) || $2::timestamptz, last_tried_at = $2
    WHERE (SELECT count(*) < $6 AND count(*) FILTER (WHERE at > $4) < $5 FROM (${RECENT}) recent)
  RETURNING (SELECT count(*) FROM unnest(t.tried_at) AS at WHERE at > $4) AS "inWindow", cardinality(t.tried_at) AS "inDay"`;

const TRIED = "SELECT at FROM phone_code_tries, unnest(tried_at) AS at WHERE blind_index = $1 AND at > $2 ORDER BY at DESC";

const FORGET = "DELETE FROM phone_code_tries WHERE blind_index = $1";

const momentsOf = (now: Date) => ({
  dayAgo: new Date(now.getTime() - DAY_MS),
  windowStart: new Date(now.getTime() - phoneCodes.tries.windowMs),
});

/**
 * Takes one of a number's tries before anything is compared: however many codes it has and however many tries come at once, five are
 * compared in ten minutes and twenty in a day.
 * @returns how many tries are left, or null when none may be made
 */
export async function takeAttempt({ pool, now }: AttemptServices, blindIndex: Bytes): Promise<number | null> {
  const { perWindow, perDay } = phoneCodes.tries;
  const moment = now();
  const { dayAgo, windowStart } = momentsOf(moment);
  const values = [Buffer.from(blindIndex), moment, dayAgo, windowStart, perWindow, perDay];
  const [taken] = (await pool.query<{ inWindow: number; inDay: number }>(TAKE, values)).rows;
  return taken === undefined ? null : Math.min(perWindow - taken.inWindow, perDay - taken.inDay);
}

/** How long a number has to wait for its next try; 0 where it need not. */
export async function attemptWaitMs({ pool, now }: AttemptServices, blindIndex: Bytes): Promise<number> {
  const { perWindow, perDay, windowMs } = phoneCodes.tries;
  const moment = now();
  const { rows } = await pool.query<{ at: Date }>(TRIED, [Buffer.from(blindIndex), momentsOf(moment).dayAgo]);
  const until = (row: { at: Date } | undefined, ms: number): number => (row === undefined ? 0 : ms - (moment.getTime() - row.at.getTime()));
  return Math.max(0, until(rows[perWindow - 1], windowMs), until(rows[perDay - 1], DAY_MS));
}

/** Forgets a number's tries: whoever knows the right code has the phone. */
export async function clearAttempts({ pool }: Pick<AttemptServices, "pool">, blindIndex: Bytes): Promise<void> {
  await pool.query(FORGET, [Buffer.from(blindIndex)]);
}
