import { LRUCache } from "lru-cache";
import type pg from "pg";
import type { Actor } from "../actor.ts";
import type { Services } from "../context.ts";
import { isStaffIn } from "../rooms/policy.ts";
import type { ActiveRaid, RoomRecord } from "../rooms/room-cache.ts";

/** Where and since when messages are held; `raidModeId` is null for a guest from a network with a ban. */
type Hold = { readonly raidModeId: string | null; readonly scopeKind: ActiveRaid["scopeKind"]; readonly onset: Date };

/**
 * Whether a user has an approved message in the scope: one from before the raid, or one that was held and then approved. `$3` is the kind
 * of the scope, `$2` the room.
 */
const APPROVED = `
  SELECT FROM messages m JOIN rooms r ON r.id = m.room_id AND r.kind = 'language'
  WHERE m.author_id = $1 AND m.seq IS NOT NULL AND m.moderation = 'approved' AND m.deleted_at IS NULL
    AND CASE $3 WHEN 'room' THEN r.id = $2 WHEN 'lounge' THEN r.lounge_id = (SELECT lounge_id FROM rooms WHERE id = $2) ELSE true END
    AND (m.created_at < $4 OR EXISTS (SELECT FROM raid_holds h WHERE h.message_id = m.id)
      OR EXISTS (SELECT FROM moderation_cases c WHERE c.target_kind = 'message' AND c.target_id = m.id AND c.kind = 'held' AND c.outcome = 'approved'))
  LIMIT 1`;

/** The users who were found to have an approved message, per hold: they are not looked up again for a while. */
const approved = new LRUCache<string, true>({ maxSize: 20_000, sizeCalculation: () => 1, ttl: 60_000, perf: performance });

async function hasApproved(pool: pg.Pool, authorId: string, { room, hold }: { room: RoomRecord; hold: Hold }): Promise<boolean> {
  const key = `${authorId} ${hold.raidModeId}`;
  if (approved.has(key)) return true;
  const { rowCount } = await pool.query({ name: "raid-approved", text: APPROVED, values: [authorId, room.id, hold.scopeKind, hold.onset] });
  const isFound = (rowCount ?? 0) > 0;
  if (isFound && hold.raidModeId !== null) approved.set(key, true);
  return isFound;
}

const holdsFirst = ({ measures }: ActiveRaid): boolean => measures.includes("first_messages_held");

/** Returns the holds that apply to a user in a room. Staff, bots and regulars are exempt. */
function holdsFor(room: RoomRecord, actor: Actor, now: Date): Hold[] {
  if (room.lounge === null || actor.kind === "bot" || actor.trustLevel === "regular" || isStaffIn(actor, room)) return [];
  const raids = room.raids.filter(holdsFirst).map(({ id, scopeKind, onset }) => ({ raidModeId: id, scopeKind, onset }));
  const isWatched = actor.heldUntil !== null && actor.heldUntil > now;
  return isWatched ? [...raids, { raidModeId: null, scopeKind: "site", onset: actor.createdAt }] : raids;
}

/** Why a message is held: the raid modes that hold it. Empty for a guest from a network with a ban. */
export type RaidHold = { readonly raidModeIds: readonly string[] };

/**
 * Returns why a message of the actor in a room must be held for review: a raid mode holds first messages there and the actor has no
 * approved message in its scope, or the actor is a new guest from a network with a ban. Null if it need not be held, which without a raid
 * takes no query.
 */
export async function raidHoldOf({ pool, now }: Pick<Services, "pool" | "now">, room: RoomRecord, actor: Actor): Promise<RaidHold | null> {
  const holds = holdsFor(room, actor, now());
  if (holds.length === 0) return null;
  const found = await Promise.all(holds.map(async (hold) => ((await hasApproved(pool, actor.id, { room, hold })) ? null : hold)));
  const open = found.filter((hold) => hold !== null);
  return open.length === 0 ? null : { raidModeIds: open.flatMap(({ raidModeId }) => raidModeId ?? []) };
}

const RECORD = `
  INSERT INTO raid_holds (message_id, raid_mode_id) SELECT $1, r.id FROM raid_modes r WHERE r.id = $2 ON CONFLICT DO NOTHING`;

/** Records that a held message waits only because of a raid mode, so that ending the raid mode releases it. */
export async function recordRaidHold(db: pg.Pool | pg.PoolClient, messageId: string, { raidModeIds }: RaidHold): Promise<void> {
  const [raidModeId] = raidModeIds;
  if (raidModeId !== undefined) await db.query(RECORD, [messageId, raidModeId]);
}
