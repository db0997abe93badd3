import type { KeyObject } from "node:crypto";
import type pg from "pg";
import { AppError } from "../../../utils/errors.ts";
import type { Actor } from "../../actor.ts";
import { expiryOf, refreshTokenHash, successorOf } from "./refresh-token.ts";

/** A session whose row is locked, so that no other request rotates its token. */
export type LockedSession = {
  readonly id: string;
  readonly expiresAt: Date;
  readonly endedAt: Date | null;
  readonly erasedAt: Date | null;
  /** When the presented token was replaced; null while it is the latest. */
  readonly replacedAt: Date | null;
  readonly user: Pick<Actor, "id" | "kind" | "role" | "username" | "displayName" | "avatarUrl" | "languages" | "createdAt">;
};

type Row = Pick<LockedSession, "id" | "expiresAt" | "endedAt"> & { userId: string };
type UserRow = LockedSession["user"] & { erasedAt: Date | null };

const LOCK = `
  SELECT id, user_id AS "userId", expires_at AS "expiresAt", ended_at AS "endedAt" FROM sessions
  WHERE id = (SELECT session_id FROM refresh_tokens WHERE hash = $1) FOR UPDATE`;

const USER = `
  SELECT id, kind, role, username, display_name AS "displayName", avatar_url AS "avatarUrl", languages,
         created_at AS "createdAt", erased_at AS "erasedAt"
  FROM users WHERE id = $1`;

const TOKEN = 'SELECT replaced_at AS "replacedAt" FROM refresh_tokens WHERE hash = $1';

async function tokenState(client: pg.PoolClient, token: string): Promise<{ replacedAt: Date | null } | undefined> {
  const { rows } = await client.query<{ replacedAt: Date | null }>(TOKEN, [refreshTokenHash(token)]);
  return rows[0];
}

/** Locks the session of a token and reads the token's state under the lock. Returns null if there is no such token. */
export async function lockSessionOf(client: pg.PoolClient, token: string): Promise<LockedSession | null> {
  const [session] = (await client.query<Row>(LOCK, [refreshTokenHash(token)])).rows;
  if (session === undefined) return null;
  const [person] = (await client.query<UserRow>(USER, [session.userId])).rows;
  const state = await tokenState(client, token);
  if (person === undefined || state === undefined) return null;
  const { erasedAt, ...user } = person;
  return { id: session.id, expiresAt: session.expiresAt, endedAt: session.endedAt, erasedAt, replacedAt: state.replacedAt, user };
}

type Rotation = {
  readonly session: LockedSession;
  readonly token: string;
  readonly key: KeyObject;
  readonly now: Date;
  /** The keyed hash of the network that the session is used from now. */
  readonly networkHash: Uint8Array;
};

/** Replaces the token with its successor and extends the session. */
export async function replaceToken(
  client: pg.PoolClient,
  { session, token, key, now, networkHash }: Rotation,
): Promise<{ session: LockedSession; refreshToken: string }> {
  const refreshToken = successorOf(key, token);
  const expiresAt = expiryOf(session.user.kind, now);
  await client.query("UPDATE refresh_tokens SET replaced_at = $2 WHERE hash = $1", [refreshTokenHash(token), now]);
  await client.query("INSERT INTO refresh_tokens (hash, session_id, created_at) VALUES ($1, $2, $3)", [
    refreshTokenHash(refreshToken),
    session.id,
    now,
  ]);
  await client.query("UPDATE sessions SET last_used_at = $2, expires_at = $3, network_hash = $4 WHERE id = $1", [
    session.id,
    now,
    expiresAt,
    networkHash,
  ]);
  return { session: { ...session, expiresAt }, refreshToken };
}

async function nextOf(
  client: pg.PoolClient,
  keys: readonly KeyObject[],
  token: string,
): Promise<{ token: string; replacedAt: Date | null }> {
  for (const key of keys) {
    const next = successorOf(key, token);
    const state = await tokenState(client, next);
    if (state !== undefined) return { token: next, replacedAt: state.replacedAt };
  }
  throw new AppError("unauthenticated");
}

/** Returns the latest successor of a token, so that a late tab does not get one that has already been replaced. */
export async function newestOf(client: pg.PoolClient, keys: readonly KeyObject[], token: string): Promise<string> {
  let next = await nextOf(client, keys, token);
  while (next.replacedAt !== null) next = await nextOf(client, keys, next.token);
  return next.token;
}
