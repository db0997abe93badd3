import type pg from "pg";
import { notFailed, processEach, type RowServices } from "../../audit/process-rows.ts";
import type { Services } from "../../context.ts";
import { changeRoom } from "../../messages/changes/change.ts";
import { removeMessages, restoreMessages } from "../../messages/changes/remove-messages.ts";

/** Messages per batch. The room is locked for a batch; short ones let messages be sent in between. */
const BATCH = 100;

type Work = {
  readonly id: string;
  readonly user_id: string;
  readonly scope_kind: "room" | "lounge" | "site";
  readonly scope_id: string | null;
  readonly wipe_since: Date;
  readonly created_at: Date;
  readonly content_state: "removing" | "restoring";
};

const FIND_WORK = `
  SELECT id, user_id, scope_kind, scope_id, wipe_since, created_at, content_state FROM moderation_actions
  WHERE id = $1 AND content_state IS NOT NULL`;

const DONE = "UPDATE moderation_actions SET content_state = NULL WHERE id = $1 AND content_state = $2";

const IS_IN_SCOPE = `CASE $2::action_scope WHEN 'site' THEN true WHEN 'room' THEN m.room_id = $3
  ELSE m.room_id IN (SELECT r.id FROM rooms r WHERE r.lounge_id = $3) END`;

const IS_WIPED = "m.deleted_at IS NULL AND m.seq IS NOT NULL AND m.created_at >= $4 AND m.created_at <= $5";

const ROOMS_TO_WIPE = `SELECT DISTINCT m.room_id FROM messages m WHERE m.author_id = $1 AND ${IS_IN_SCOPE} AND ${IS_WIPED} ORDER BY 1`;

const NEXT_TO_WIPE = `
  SELECT m.id FROM messages m WHERE m.author_id = $1 AND m.room_id = $2 AND m.deleted_at IS NULL AND m.seq IS NOT NULL
    AND m.created_at >= $3 AND m.created_at <= $4 ORDER BY m.seq LIMIT ${BATCH}`;

const ROOMS_TO_RESTORE = `
  SELECT DISTINCT m.room_id FROM removed_messages r JOIN messages m ON m.id = r.message_id WHERE r.action_id = $1 ORDER BY 1`;

const NEXT_TO_RESTORE = `
  SELECT m.id FROM removed_messages r JOIN messages m ON m.id = r.message_id
  WHERE r.action_id = $1 AND m.room_id = $2 ORDER BY m.seq LIMIT ${BATCH}`;

/** Locks the action, so that a revert waits for the batch, and returns whether this work is still to be done. */
const STILL_DUE = "SELECT FROM moderation_actions WHERE id = $1 AND content_state = $2 FOR SHARE";

type Ids = { readonly id: string };

const isStillDue = async (tx: pg.PoolClient, { id, content_state: state }: Work): Promise<boolean> =>
  (await tx.query(STILL_DUE, [id, state])).rowCount === 1;

async function wipeBatch(tx: pg.PoolClient, work: Work, roomId: string): Promise<string[]> {
  if (!(await isStillDue(tx, work))) return [];
  const { rows } = await tx.query<Ids>(NEXT_TO_WIPE, [work.user_id, roomId, work.wipe_since, work.created_at]);
  const ids = rows.map(({ id }) => id);
  return removeMessages(tx, work.id, ids);
}

async function restoreBatch(tx: pg.PoolClient, work: Work, roomId: string): Promise<string[]> {
  if (!(await isStillDue(tx, work))) return [];
  const { rows } = await tx.query<Ids>(NEXT_TO_RESTORE, [work.id, roomId]);
  const ids = rows.map(({ id }) => id);
  if (ids.length > 0) await restoreMessages(tx, ids);
  return ids;
}

const roomsOf = (pool: pg.Pool, work: Work) =>
  work.content_state === "removing"
    ? pool.query<{ room_id: string }>(ROOMS_TO_WIPE, [work.user_id, work.scope_kind, work.scope_id, work.wipe_since, work.created_at])
    : pool.query<{ room_id: string }>(ROOMS_TO_RESTORE, [work.id]);

/**
 * Removes or restores the messages of one action in bounded batches, each of one room, and publishes them. It may be interrupted and run
 * concurrently at any point. Does nothing when nothing is left to do.
 */
export async function processContent(services: Pick<Services, "pool" | "events">, actionId: string): Promise<void> {
  const [work] = (await services.pool.query<Work>(FIND_WORK, [actionId])).rows;
  if (work === undefined) return;
  const runBatch = work.content_state === "removing" ? wipeBatch : restoreBatch;
  for (const { room_id: roomId } of (await roomsOf(services.pool, work)).rows)
    while ((await changeRoom(services, roomId, (tx) => runBatch(tx, work, roomId))) !== null);
  await services.pool.query(DONE, [work.id, work.content_state]);
}

const JOB = "moderation-content";

/** Leaves actions to the node that issued them for a minute. */
const PENDING = `
  SELECT a.id FROM moderation_actions a WHERE a.content_state IS NOT NULL AND greatest(a.created_at, a.reverted_at) < $1
    AND ${notFailed({ job: JOB, key: "a.id", now: "$2" })} ORDER BY a.created_at LIMIT $3`;

const GRACE_MS = 60_000;

/** Completes actions whose node ended before their messages were removed or restored. @returns how many */
export async function completeContent(services: RowServices & Pick<Services, "events">, { limit }: { limit: number }): Promise<number> {
  const now = services.now();
  const { rows } = await services.pool.query<Ids>(PENDING, [new Date(now.getTime() - GRACE_MS), now, limit]);
  const work = async (id: string): Promise<boolean> => {
    await processContent(services, id);
    return true;
  };
  return processEach(services, { job: JOB, keys: rows.map(({ id }) => id), work });
}
