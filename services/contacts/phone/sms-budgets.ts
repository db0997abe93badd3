import type pg from "pg";
import { DAY_MS } from "../../../utils/clock.ts";
import { phoneCodes } from "../../../utils/contract/limits.ts";
import type { AccountRules, Services } from "../../context.ts";
import type { Bytes } from "../../vault/vault.ts";

/** Whether a text may be sent now, and if not, when to retry. */
export type SendVerdict =
  | { readonly kind: "allowed"; readonly resendInMs: number }
  | { readonly kind: "too_soon"; readonly retryAfterMs: number }
  | ({ readonly kind: "paused"; readonly resendInMs: number } & Pause);

/** The reason of a pause. `since` is the time of the last text before it, or the start of the day. */
export type Pause = {
  readonly reason: "prefix" | "country" | "daily_budget";
  readonly since: Date;
  readonly retryAfterMs: number;
};

/** The number a text would go to, and a keyed hash of the requesting network. */
export type Target = { readonly blindIndex: Bytes; readonly prefix: string; readonly country: string; readonly network: string };

/** The texts sent before to the number, from the network, to its group of numbers and to its country. Times are newest first. */
export type SendHistory = {
  readonly toNumber: readonly Date[];
  readonly fromNetwork: readonly Date[];
  readonly fromNetworkConfirmed: number;
  readonly toPrefix: number;
  readonly toPrefixConfirmed: number;
  readonly oldestToPrefix: Date | null;
  readonly newestToPrefix: Date | null;
  readonly toCountry: number;
  readonly toCountryConfirmed: number;
  /** The number of texts sent from the open part of today's budget. */
  readonly spent: number;
};

type Rules = Pick<AccountRules, "smsDailyBudget" | "limitsScale">;

export const midnightOf = (now: Date): Date => new Date(now.getTime() - (now.getTime() % DAY_MS));

/** Returns the UTC day of a time, as the key of the budget. */
export const dayOf = (now: Date): string => now.toISOString().slice(0, 10);

/** Returns how many texts of the day's budget are reserved for password resets, and how many are open to every purpose. */
export function budgetsOf({ smsDailyBudget }: Rules): { readonly open: number; readonly reserve: number } {
  const reserve = Math.floor(smsDailyBudget * phoneCodes.reserveShare);
  return { open: smsDailyBudget - reserve, reserve };
}

const READ = `
  SELECT
    ARRAY(SELECT created_at FROM phone_verifications WHERE blind_index = $1 AND created_at > $6 ORDER BY created_at DESC LIMIT $9)
      AS "toNumber",
    ARRAY(SELECT created_at FROM phone_verifications WHERE network = $4 AND confirmed_at IS NULL AND created_at > $6
      ORDER BY created_at DESC LIMIT 1000) AS "fromNetwork",
    (SELECT count(*) FROM phone_verifications WHERE network = $4 AND confirmed_at IS NOT NULL AND created_at > $6)
      AS "fromNetworkConfirmed",
    p.sends AS "toPrefix", p.confirmed AS "toPrefixConfirmed", p.oldest AS "oldestToPrefix", p.newest AS "newestToPrefix",
    c.sends AS "toCountry", c.confirmed AS "toCountryConfirmed",
    coalesce((SELECT sent FROM sms_budgets WHERE day = $8::date), 0) AS spent
  FROM
    (SELECT count(*) AS sends, count(confirmed_at) AS confirmed, min(created_at) AS oldest, max(created_at) AS newest
     FROM phone_verifications WHERE prefix = $2 AND created_at > $5 AND is_sent) p,
    (SELECT count(*) AS sends, count(confirmed_at) AS confirmed
     FROM phone_verifications WHERE country = $3 AND created_at >= $7 AND is_sent) c`;

/** Reads all inputs of the text limits in one query. */
export async function readSendHistory(
  client: Pick<pg.PoolClient, "query">,
  { blindIndex, prefix, country, network }: Target,
  { now, limitsScale }: { now: Date; limitsScale: number },
): Promise<SendHistory> {
  const [hourAgo, dayAgo] = [phoneCodes.breaker.windowMs, DAY_MS].map((ms) => new Date(now.getTime() - ms));
  const most = phoneCodes.sendsOfNumber.perDay * limitsScale;
  const values = [Buffer.from(blindIndex), prefix, country, network, hourAgo, dayAgo, midnightOf(now), dayOf(now), most];
  const { rows } = await client.query<SendHistory>(READ, values);
  const [history] = rows;
  if (history === undefined) throw new Error("The text message limits could not be read.");
  return history;
}

/** Returns the wait in ms after the `count`th text to one number. */
const delayAfter = (count: number): number => phoneCodes.resendMs[Math.min(count, phoneCodes.resendMs.length) - 1] ?? 0;

type Moment = { readonly rules: Rules; readonly now: Date };

/** Applies the limits of the number. */
function numberVerdict({ toNumber }: SendHistory, { rules, now }: Moment): SendVerdict {
  const { points, windowMs, perDay } = phoneCodes.sendsOfNumber;
  const most = points * rules.limitsScale;
  const ages = toNumber.map((at) => now.getTime() - at.getTime());
  const recent = ages.filter((age) => age < windowMs);
  const until = (age: number | undefined, ms: number): number => (age === undefined ? 0 : ms - age);
  const delay = (count: number): number => Math.ceil(delayAfter(count) / rules.limitsScale);
  const mostOfDay = perDay * rules.limitsScale;
  const waits = [until(recent[0], delay(recent.length)), until(recent[most - 1], windowMs), until(ages[mostOfDay - 1], DAY_MS)];
  const wait = Math.max(...waits);
  if (wait > 0) return { kind: "too_soon", retryAfterMs: wait };
  const nextWaits = [delay(recent.length + 1), until(recent[most - 2], windowMs), until(ages[mostOfDay - 2], DAY_MS)];
  return { kind: "allowed", resendInMs: Math.max(...nextWaits) };
}

/** Returns the wait in ms of a network with too many unconfirmed texts; 0 if it has none. */
function networkWaitMs({ fromNetwork, fromNetworkConfirmed, spent }: SendHistory, { rules, now }: Moment): number {
  const { unconfirmed, scarce, scarceFrom } = phoneCodes.network;
  const isScarce = spent >= budgetsOf(rules).open * scarceFrom;
  const most = (isScarce ? scarce : unconfirmed) * rules.limitsScale + fromNetworkConfirmed;
  const oldest = fromNetwork[most - 1];
  return oldest === undefined ? 0 : Math.max(1, DAY_MS - (now.getTime() - oldest.getTime()));
}

/** Pauses a group of numbers with many texts of which few are confirmed, which suggests SMS pumping. */
function prefixPause(history: SendHistory, { rules, now }: Moment): Pause | null {
  const { sends, confirmedShare, windowMs } = phoneCodes.breaker;
  const { toPrefix, toPrefixConfirmed, oldestToPrefix, newestToPrefix } = history;
  if (oldestToPrefix === null || newestToPrefix === null) return null;
  const isPumped = toPrefix > sends * rules.limitsScale && toPrefixConfirmed < toPrefix * confirmedShare;
  const retryAfterMs = Math.max(1, windowMs - (now.getTime() - oldestToPrefix.getTime()));
  return isPumped ? { reason: "prefix", since: newestToPrefix, retryAfterMs } : null;
}

/** Returns a pause that lasts until midnight (UTC), when the budget is renewed. */
const untilMidnight = (reason: "country" | "daily_budget", now: Date): Pause => ({
  reason,
  since: midnightOf(now),
  retryAfterMs: midnightOf(now).getTime() + DAY_MS - now.getTime(),
});

/** Pauses a whole country by the same criterion, measured by its share of the day's budget. */
function countryPause({ toCountry, toCountryConfirmed }: SendHistory, { rules, now }: Moment): Pause | null {
  const { share, sends } = phoneCodes.country;
  const most = Math.max(sends, budgetsOf(rules).open * share) * rules.limitsScale;
  const isPumped = toCountry >= most && toCountryConfirmed < toCountry * phoneCodes.breaker.confirmedShare;
  return isPumped ? untilMidnight("country", now) : null;
}

/** Returns the pause when the open part of the day's budget is spent. */
export const budgetPause = (now: Date): Pause => untilMidnight("daily_budget", now);

/**
 * Decides whether a text may be sent, based on earlier texts. The result does not depend on whether an account has the number. For the
 * last text of the day's budget the result is provisional: the statement that consumes it decides.
 */
export function verdictOnSending(history: SendHistory, moment: Moment): SendVerdict {
  const ofNumber = numberVerdict(history, moment);
  if (ofNumber.kind !== "allowed") return ofNumber;
  const networkMs = networkWaitMs(history, moment);
  if (networkMs > 0) return { kind: "too_soon", retryAfterMs: networkMs };
  const isExhausted = history.spent >= budgetsOf(moment.rules).open;
  const pause = prefixPause(history, moment) ?? countryPause(history, moment) ?? (isExhausted ? budgetPause(moment.now) : null);
  return pause === null ? ofNumber : { ...pause, kind: "paused", resendInMs: ofNumber.resendInMs };
}

const LOCK = `
  SELECT pg_advisory_xact_lock(hashtextextended('phone number ' || encode($1::bytea, 'hex'), 0)),
    pg_advisory_xact_lock(hashtextextended('phone prefix ' || $2, 0))`;

/** Locks a number and its group until the transaction ends, which serializes their requests. Other requests are not affected. */
export async function lockTarget(client: Pick<pg.PoolClient, "query">, { blindIndex, prefix }: Target): Promise<void> {
  await client.query(LOCK, [Buffer.from(blindIndex), prefix]);
}

const TAKE_RESERVED = "UPDATE sms_budgets SET reserve_sent = reserve_sent + 1 WHERE day = $1::date AND reserve_sent < $2";
const OPEN_DAY = "INSERT INTO sms_budgets (day) VALUES ($1::date) ON CONFLICT DO NOTHING";
const RETURN_TEXT = "UPDATE sms_budgets SET sent = greatest(sent - 1, 0) WHERE day = $1::date";

type BudgetServices = Pick<Services, "pool" | "rules" | "now">;

/** Consumes one text of the reserved part of the day's budget. @returns whether there was one */
export async function takeReserved({ pool, rules, now }: BudgetServices): Promise<boolean> {
  await pool.query(OPEN_DAY, [dayOf(now())]);
  return ((await pool.query(TAKE_RESERVED, [dayOf(now()), budgetsOf(rules).reserve])).rowCount ?? 0) > 0;
}

/** Returns a text that was not sent to the open part of the budget. */
export async function returnText({ pool }: Pick<BudgetServices, "pool">, takenAt: Date): Promise<void> {
  await pool.query(RETURN_TEXT, [dayOf(takenAt)]);
}
