import type pg from "pg";
import { toArrayLiteral } from "../../../prisma/pg-array.ts";
import { createBatchingCache } from "../../../utils/async/batching-cache.ts";
import type { Clock } from "../../../utils/clock.ts";
import { AppError } from "../../../utils/errors.ts";
import type { Actor, Restriction } from "../../actor.ts";
import { IS_RESTRICTION, RESTRICTION_JSON, type RestrictionRow, toRestrictions } from "../../sanctions/restrictions.ts";

/** The maximum age of a cached actor. A revocation must take effect within 2 s on every node; this leaves time for a slow query. */
const MAX_AGE_MS = 1_000;

/** After this time an entry is revalidated in the background, while the caller gets the cached one. */
const FRESH_MS = 500;

/** Whether a restriction `a` is still active. */
const IS_ACTIVE = `${IS_RESTRICTION} AND (a.expires_at IS NULL OR a.expires_at > $2)`;

const ACTORS = `
  SELECT s.id AS session_id, s.expires_at, s.proven_at, u.id, u.kind, u.role, u.username, u.display_name, u.avatar_url, u.languages,
    u.created_at, u.is_invisible, u.trust_level, u.held_until, restricted.list AS restrictions,
    ARRAY(SELECT lm.lounge_id FROM lounge_moderators lm WHERE lm.user_id = u.id) AS moderates,
    EXISTS (SELECT FROM contacts c WHERE c.user_id = u.id AND c.kind = 'phone' AND c.verified_at IS NOT NULL) AS has_verified_phone
  FROM sessions s JOIN users u ON u.id = s.user_id
  LEFT JOIN LATERAL (SELECT jsonb_agg(${RESTRICTION_JSON}) AS list FROM moderation_actions a WHERE a.user_id = u.id AND ${IS_ACTIVE}) restricted ON true
  WHERE s.id = ANY($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > $2 AND u.erased_at IS NULL`;

/**
 * The LIMIT forces an index lookup per session. Without it the planner may choose another join from poor statistics, which took seconds
 * for thousands of sessions in a recently created table.
 */
const DEAD = `
  SELECT asked.id, live.ban FROM unnest($1::uuid[]) AS asked(id)
  LEFT JOIN LATERAL (
    SELECT true AS is_alive, (
      SELECT ${RESTRICTION_JSON} FROM moderation_actions a WHERE a.user_id = u.id AND a.kind = 'ban_site' AND ${IS_ACTIVE}
      ORDER BY a.expires_at DESC NULLS FIRST LIMIT 1) AS ban
    FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = asked.id AND s.ended_at IS NULL AND s.expires_at > $2 AND u.erased_at IS NULL LIMIT 1) live ON true
  WHERE live.is_alive IS NULL OR live.ban IS NOT NULL`;

type Row = Pick<Actor, "id" | "kind" | "role" | "username" | "languages"> & {
  session_id: string;
  expires_at: Date;
  display_name: string;
  avatar_url: string | null;
  created_at: Date;
  proven_at: Date | null;
  is_invisible: boolean;
  has_verified_phone: boolean;
  trust_level: "newcomer" | "member" | "regular";
  held_until: Date | null;
  restrictions: RestrictionRow[] | null;
  moderates: string[];
};

/** The cached actor of each session. */
export type SessionCache = {
  /**
   * Returns the actor of a session, at most a second old. Concurrent calls share one query.
   * @throws AppError `session_revoked` when the session ended or expired, or its user was erased
   */
  actorOf(sessionId: string): Promise<Actor>;
  /** Drops the cached actor of a session: the next call reads it from the database. */
  invalidate(sessionId: string): void;
  /** Returns which of the given sessions are invalid, including deleted sessions and those of banned users, each with the ban if there is one. */
  deadOf(sessionIds: readonly string[]): Promise<{ id: string; ban: Restriction | null }[]>;
};

const actorOfRow = (row: Row): Actor => ({
  id: row.id,
  sessionId: row.session_id,
  sessionExpiresAt: row.expires_at,
  kind: row.kind,
  role: row.role,
  username: row.username,
  displayName: row.display_name,
  avatarUrl: row.avatar_url,
  languages: row.languages,
  createdAt: row.created_at,
  isInvisible: row.is_invisible,
  hasVerifiedPhone: row.has_verified_phone,
  trustLevel: row.kind === "guest" ? "guest" : row.trust_level,
  heldUntil: row.held_until,
  provenAt: row.proven_at,
  moderates: row.moderates,
  ...toRestrictions(row.restrictions ?? []),
});

/** Creates the cache that every command uses to look up its caller. */
export function createSessionCache({ pool, now }: { pool: pg.Pool; now: Clock }): SessionCache {
  const actors = createBatchingCache<Actor>({
    freshMs: FRESH_MS,
    staleWhileRevalidateMs: MAX_AGE_MS,
    async load(sessionIds) {
      const { rows } = await pool.query<Row>({ name: "actors_of_sessions", text: ACTORS, values: [sessionIds, now()] });
      return new Map(rows.map((row) => [row.session_id, actorOfRow(row)]));
    },
  });

  return {
    async actorOf(sessionId) {
      const actor = await actors.get(sessionId);
      if (actor === undefined) throw new AppError("session_revoked");
      return actor;
    },
    invalidate: actors.invalidate,
    async deadOf(sessionIds) {
      const { rows } = await pool.query<{ id: string; ban: RestrictionRow | null }>({
        name: "sessions_dead",
        text: DEAD,
        values: [toArrayLiteral(sessionIds), now()],
      });
      return rows.map((row) => ({ id: row.id, ban: row.ban && toRestrictions([row.ban]).ban }));
    },
  };
}
