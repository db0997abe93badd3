import type { Prisma } from "../../prisma/generated/client.ts";
import { phoneCodes } from "../../utils/contract/limits.ts";
import type { Services } from "../context.ts";
import type { Bytes } from "../vault/vault.ts";

/** Whether a text may be sent now; if not, for how long not. */
export type SendVerdict =
  | { readonly kind: "allowed"; readonly resendInMs: number }
  | { readonly kind: "too_soon"; readonly retryAfterMs: number }
  | ({ readonly kind: "paused" } & Pause);

/** Why nothing is sent. `since` is when the last text went out before it. */
export type Pause = { readonly reason: "prefix" | "daily_budget"; readonly since: Date; readonly retryAfterMs: number };

/** Where a text would go. */
export type Target = { readonly blindIndex: Bytes; readonly prefix: string };

type Ctx = Pick<Services, "now" | "rules"> & { readonly db: Prisma.TransactionClient };

const DAY_MS = 86_400_000;

/** How long to wait after the text that is the `count`th to one number. */
const delayAfter = (count: number): number => phoneCodes.resendMs[Math.min(count, phoneCodes.resendMs.length) - 1] ?? 0;

/** The texts to a number so far, the newest first, and what follows from them. */
async function numberVerdict({ db, now, rules }: Ctx, { blindIndex }: Target): Promise<SendVerdict> {
  const { points, windowMs } = phoneCodes.sendsOfNumber;
  const [moment, most] = [now().getTime(), points * rules.limitsScale];
  const sent = await db.phoneVerification.findMany({
    where: { blindIndex, createdAt: { gt: new Date(moment - windowMs) } },
    orderBy: { createdAt: "desc" },
    take: most,
    select: { createdAt: true },
  });
  const ages = sent.map(({ createdAt }) => moment - createdAt.getTime());
  const full = (age: number | undefined): number => (age === undefined ? 0 : windowMs - age);
  const delay = (count: number): number => Math.ceil(delayAfter(count) / rules.limitsScale);
  const wait = Math.max(ages[0] === undefined ? 0 : delay(ages.length) - ages[0], full(ages[most - 1]));
  if (wait > 0) return { kind: "too_soon", retryAfterMs: wait };
  return { kind: "allowed", resendInMs: Math.max(delay(ages.length + 1), full(ages[most - 2])) };
}

type Sends = { sends: number; confirmed: number; oldest: Date | null; newest: Date | null };

/** Many texts to one group of numbers of which few are confirmed: somebody may be earning from them. */
async function prefixPause({ db, now, rules }: Ctx, { prefix }: Target): Promise<Pause | null> {
  const { sends: most, confirmedShare, windowMs } = phoneCodes.breaker;
  const [moment] = [now().getTime()];
  const [found] = await db.$queryRaw<Sends[]>`
    SELECT count(*)::int AS sends, count(confirmed_at)::int AS confirmed, min(created_at) AS oldest, max(created_at) AS newest
    FROM phone_verifications WHERE prefix = ${prefix} AND created_at > ${new Date(moment - windowMs)}`;
  if (found === undefined || found.oldest === null || found.newest === null) return null;
  const isPumped = found.sends > most * rules.limitsScale && found.confirmed < found.sends * confirmedShare;
  return isPumped ? { reason: "prefix", since: found.newest, retryAfterMs: windowMs - (moment - found.oldest.getTime()) } : null;
}

/** What is spent is spent until midnight (UTC). */
async function budgetPause({ db, now, rules }: Ctx): Promise<Pause | null> {
  const moment = now().getTime();
  const midnight = moment - (moment % DAY_MS);
  const where = { createdAt: { gte: new Date(midnight) } };
  const { _count: sends, _max: newest } = await db.phoneVerification.aggregate({ where, _count: true, _max: { createdAt: true } });
  const isSpent = sends >= rules.smsDailyBudget;
  return isSpent
    ? { reason: "daily_budget", since: newest.createdAt ?? new Date(midnight), retryAfterMs: midnight + DAY_MS - moment }
    : null;
}

/** One after the other: what is counted must not change before it is acted on. Held until the transaction ends. */
export async function lockPhoneCodes({ db }: Pick<Ctx, "db">): Promise<void> {
  await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('phone codes', 0))`;
}

/** Looks at all limits of texts, to the number, to its neighbours, and of the day. To be called while the lock is held. */
export async function verdictOnSending(ctx: Ctx, target: Target): Promise<SendVerdict> {
  const ofNumber = await numberVerdict(ctx, target);
  if (ofNumber.kind !== "allowed") return ofNumber;
  const pause = (await prefixPause(ctx, target)) ?? (await budgetPause(ctx));
  return pause === null ? ofNumber : { kind: "paused", ...pause };
}
