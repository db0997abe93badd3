import { guestBans } from "../../utils/contract/limits.ts";
import { isSameBytes } from "../../utils/crypto.ts";
import { AppError } from "../../utils/errors.ts";
import { ago, type Purge, purgeRows } from "../audit/purge-rows.ts";
import type { OpenCtx, Services } from "../context.ts";
import type { ModeratedScope } from "../domain-events.ts";
import { banData } from "../sanctions/policy.ts";
import type { GuestOrigin } from "./device-cookie.ts";

/**
 * Extends a ban to the devices and networks that the user's sessions had within a week, for a week at most. Sessions that ended count
 * too: signing out first does not help.
 */
const EXTEND = `
  INSERT INTO guest_bans (action_id, hash, expires_at)
  SELECT a.id, origin.hash, least(a.expires_at, $2::timestamptz) FROM moderation_actions a CROSS JOIN LATERAL (
    SELECT DISTINCT unnest(ARRAY[s.device_hash, s.network_hash]) AS hash FROM sessions s WHERE s.user_id = a.user_id AND s.last_used_at >= $3
  ) origin
  WHERE a.id = ANY($1::uuid[]) AND a.kind = 'ban_site' AND a.reverted_at IS NULL AND origin.hash IS NOT NULL ON CONFLICT DO NOTHING`;

/** Extends bans that were just issued to the devices and networks of the users concerned. Other actions are ignored. */
export async function extendBans({ pool, now }: Pick<Services, "pool" | "now">, actions: readonly ModeratedScope[]): Promise<void> {
  const ids = actions.filter(({ kind, userId }) => kind === "ban_site" && userId !== null).map(({ id }) => id);
  if (ids.length === 0) return;
  await pool.query(EXTEND, [ids, new Date(now().getTime() + guestBans.extendsMs), ago({ now }, guestBans.extendsMs)]);
}

/** Bans in force that extend to one of these hashes, the longest first. A reverted or expired action has no effect, whatever is stored. */
const FIND = `
  SELECT b.hash, b.action_id AS "actionId", a.rule, b.expires_at AS until, a.user_id AS "userId", a.created_at AS "createdAt"
  FROM guest_bans b JOIN moderation_actions a ON a.id = b.action_id AND a.reverted_at IS NULL AND (a.expires_at IS NULL OR a.expires_at > $2)
  WHERE b.hash = ANY($1::bytea[]) AND b.expires_at > $2 ORDER BY b.expires_at DESC`;

type Row = {
  readonly hash: Buffer;
  readonly actionId: string;
  readonly rule: string;
  readonly until: Date;
  readonly userId: string;
  readonly createdAt: Date;
};

/**
 * Others who use the network and are in good standing: they were there before the ban, are not restricted themselves, and have an account
 * or wrote something that stands. Guests whom an attacker keeps in reserve therefore do not count.
 */
const NEIGHBORS = `
  SELECT u.id FROM users u
  WHERE u.id IN (SELECT s.user_id FROM sessions s WHERE s.network_hash = $1) AND u.id <> ALL($2::uuid[]) AND u.erased_at IS NULL
    AND u.created_at < $3 AND NOT EXISTS (SELECT FROM active_restrictions a WHERE a.user_id = u.id)
    AND (u.kind = 'member' OR EXISTS (
      SELECT FROM messages m WHERE m.author_id = u.id AND m.seq IS NOT NULL AND m.moderation = 'approved' AND m.deleted_at IS NULL))
  LIMIT $4`;

async function isShared({ pool }: Pick<Services, "pool">, networkHash: Uint8Array, bans: readonly Row[]): Promise<boolean> {
  const since = new Date(Math.min(...bans.map(({ createdAt }) => createdAt.getTime())));
  const values = [networkHash, bans.map(({ userId }) => userId), since, guestBans.neighbors];
  return ((await pool.query(NEIGHBORS, values)).rowCount ?? 0) >= guestBans.neighbors;
}

/** What a new guest has to expect because of bans: nothing, or a harder start from a network that others share. */
export type GuestStanding = "clear" | "watched";

/**
 * Checks a new guest against bans of the same device or network. A ban of the device always applies. A ban of the network alone applies
 * only if no one else in good standing uses it; the network of a school or carrier is shared, so a new guest is `watched` instead: they
 * must prove work, and their messages are held for review until one is approved.
 * @throws AppError `banned { until, rule, appealUrl }`, with `actionId` only for the device that the ban was issued to
 */
export async function checkGuestBans(
  ctx: Pick<OpenCtx<"pool" | "now">, "pool" | "now">,
  { deviceHash, networkHash }: Pick<GuestOrigin, "deviceHash" | "networkHash">,
): Promise<GuestStanding> {
  const { rows } = await ctx.pool.query<Row>(FIND, [[deviceHash, networkHash], ctx.now()]);
  const own = rows.find(({ hash }) => isSameBytes(hash, deviceHash));
  if (own !== undefined) throw new AppError("banned", banData(own));
  const [first] = rows;
  if (first === undefined) return "clear";
  if (await isShared(ctx, networkHash, rows)) return "watched";
  const { actionId: _hidden, ...data } = banData(first);
  throw new AppError("banned", data);
}

/** All rows of an action end together. */
const EXPIRED: Purge = { job: "expire-sessions", table: "guest_bans", key: { column: "action_id", type: "uuid" }, due: "expires_at < $1" };

/** Removes bans of devices and networks that have ended. @returns how many */
export const purgeGuestBans = (services: Pick<Services, "pool" | "now" | "logger">, { limit }: { limit: number }): Promise<number> =>
  purgeRows(services, EXPIRED, { before: services.now(), limit });
