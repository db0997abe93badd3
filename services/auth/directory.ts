import type pg from "pg";
import type { Clock } from "../../utils/clock.ts";
import { AppError } from "../../utils/errors.ts";
import { createGatherer } from "../../utils/gather.ts";
import type { Actor } from "../context.ts";

/** How old an answer may be. A revocation must bite within 2 s on every node; this leaves room for a slow query. */
const FRESH_MS = 500;

const ACTORS = `
  SELECT s.id AS session_id, s.expires_at, u.id, u.kind, u.role, u.username, u.display_name, u.avatar_url, u.languages, u.created_at
  FROM sessions s JOIN users u ON u.id = s.user_id
  WHERE s.id = ANY($1::uuid[]) AND s.ended_at IS NULL AND s.expires_at > $2 AND u.erased_at IS NULL`;

const DEAD = `
  SELECT asked.id FROM unnest($1::uuid[]) AS asked(id)
  WHERE NOT EXISTS (
    SELECT FROM sessions s JOIN users u ON u.id = s.user_id
    WHERE s.id = asked.id AND s.ended_at IS NULL AND s.expires_at > $2 AND u.erased_at IS NULL)`;

type Row = Pick<Actor, "id" | "kind" | "role" | "username" | "languages"> & {
  session_id: string;
  expires_at: Date;
  display_name: string;
  avatar_url: string | null;
  created_at: Date;
};

/** Who is behind a session, as of now. */
export type Sessions = {
  /**
   * The actor of a session, at most 500 ms old. All that ask at once share one query.
   * @throws AppError `session_revoked` when the session ended or expired, or its user was erased
   */
  actorOf(sessionId: string): Promise<Actor>;
  /** Drops what is remembered of a session: the next question goes to the database. */
  forget(sessionId: string): void;
  /** Those of the given sessions that are no longer good, removed ones included. */
  deadOf(sessionIds: readonly string[]): Promise<string[]>;
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
});

/** The directory that every command asks who its caller is. */
export function createSessions({ pool, now }: { pool: pg.Pool; now: Clock }): Sessions {
  const actors = createGatherer<Actor>({
    freshMs: FRESH_MS,
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
    forget: actors.forget,
    async deadOf(sessionIds) {
      const { rows } = await pool.query<{ id: string }>({ name: "sessions_dead", text: DEAD, values: [sessionIds, now()] });
      return rows.map((row) => row.id);
    },
  };
}
