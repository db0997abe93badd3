import type pg from "pg";
import type { TrustLevel } from "../../utils/contract/schemas/auth.ts";
import type { Actor } from "../actor.ts";
import { isStaff } from "../users/policy.ts";

/** Whether a trust level is at least `member`. Guests and newcomers are limited in what they can do, and checked more strictly. */
export const isTrustedLevel = (level: TrustLevel): boolean => level === "member" || level === "regular";

/** Whether an actor is trusted: a member or regular by the trust level, staff, or a bot, which admins create. */
export const isTrusted = (actor: Pick<Actor, "kind" | "role" | "trustLevel">): boolean =>
  isTrustedLevel(actor.trustLevel) || isStaff(actor) || actor.kind === "bot";

type Row = { readonly id: string; readonly level: TrustLevel };

const LEVELS = "SELECT id, CASE WHEN kind = 'guest' THEN 'guest' ELSE trust_level::text END AS level FROM users WHERE id = ANY($1::uuid[])";

/** Reads the trust levels of users, by id. Unknown users are missing. */
export async function readTrustLevels(db: pg.Pool | pg.PoolClient, userIds: readonly string[]): Promise<Map<string, TrustLevel>> {
  const { rows } = await db.query<Row>(LEVELS, [userIds]);
  return new Map(rows.map(({ id, level }) => [id, level]));
}
