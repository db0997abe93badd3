import type pg from "pg";
import { createBatchingCache } from "../../utils/async/batching-cache.ts";
import type { Clock } from "../../utils/clock.ts";
import { raids } from "../../utils/contract/limits.ts";
import type { RaidMeasure } from "../../utils/contract/schemas/moderation/raid-mode.ts";

/** A raid mode that applies in a room: to the room itself, its lounge or the whole site. */
export type ActiveRaid = {
  readonly id: string;
  readonly scopeKind: "room" | "lounge" | "site";
  readonly measures: readonly RaidMeasure[];
  /** When the raid began: earlier than an automatic raid mode, which needs a while to detect it. */
  readonly onset: Date;
  readonly endsAt: Date;
};

/** The cached fields of a room, which every access needs; the counter is not included. */
export type RoomRecord = {
  readonly id: string;
  readonly kind: "language" | "direct" | "group";
  readonly languageCode: string | null;
  readonly name: string;
  readonly topic: string | null;
  /** The interval of slow mode, including that of a raid mode; 0 without. */
  readonly slowModeMs: number;
  /** The active raid modes; always empty in conversations. */
  readonly raids: readonly ActiveRaid[];
  /** The two members of a direct conversation; null for every other room. */
  readonly pair: readonly string[] | null;
  /** The user who created a conversation. */
  readonly ownerId: string | null;
  readonly lounge: {
    readonly id: string;
    readonly accessLevel: "open" | "registered" | "phone_verified" | "age_verified" | "private";
    readonly isActive: boolean;
    readonly maxCapacity: number | null;
    /** All rooms of a lounge with a capacity limit; empty for any other lounge. */
    readonly roomIds: readonly string[];
  } | null;
};

export type RoomCache = {
  /** Returns a room, at most a second old. */
  find(roomId: string): Promise<RoomRecord | undefined>;
  forget(roomId: string): void;
};

type Row = {
  id: string;
  kind: RoomRecord["kind"];
  language_code: string | null;
  name: string;
  topic: string | null;
  slow_mode_ms: number;
  direct_key: string | null;
  owner_id: string | null;
  lounge_id: string | null;
  access_level: NonNullable<RoomRecord["lounge"]>["accessLevel"];
  is_active: boolean;
  max_capacity: number | null;
  bounded_room_ids: string[];
  raids: { id: string; scopeKind: ActiveRaid["scopeKind"]; measures: RaidMeasure[]; onset: string; endsAt: string }[] | null;
};

const RAIDS = `
  SELECT jsonb_agg(jsonb_build_object('id', m.id, 'scopeKind', m.scope_kind, 'measures', m.measures, 'endsAt', m.ends_at,
    'onset', m.started_at - make_interval(secs => CASE WHEN m.is_automatic THEN ${raids.windowMs / 1_000} ELSE 0 END)))
  FROM raid_modes m WHERE m.ended_at IS NULL AND m.ends_at > $2 AND (m.scope_kind = 'site' OR m.scope_id IN (r.id, r.lounge_id))`;

const FIND = `
  SELECT r.id, r.kind, r.language_code, r.name, r.topic, r.slow_mode_ms, r.direct_key, r.owner_id, r.lounge_id, l.access_level, l.is_active, l.max_capacity,
    CASE WHEN l.max_capacity IS NULL THEN '{}' ELSE ARRAY(SELECT o.id FROM rooms o WHERE o.lounge_id = l.id) END AS bounded_room_ids,
    CASE WHEN r.lounge_id IS NOT NULL THEN (${RAIDS}) END AS raids
  FROM rooms r LEFT JOIN lounges l ON l.id = r.lounge_id WHERE r.id = ANY($1::uuid[])`;

const loungeOf = (row: Row): RoomRecord["lounge"] =>
  row.lounge_id === null
    ? null
    : {
        id: row.lounge_id,
        accessLevel: row.access_level,
        isActive: row.is_active,
        maxCapacity: row.max_capacity,
        roomIds: row.bounded_room_ids,
      };

const raidsOf = (row: Row): ActiveRaid[] =>
  (row.raids ?? []).map(({ onset, endsAt, ...raid }) => ({ ...raid, onset: new Date(onset), endsAt: new Date(endsAt) }));

const isSlowed = ({ measures }: ActiveRaid): boolean => measures.includes("slow_mode");

function toRecord(row: Row): RoomRecord {
  const active = raidsOf(row);
  return {
    id: row.id,
    kind: row.kind,
    languageCode: row.language_code,
    name: row.name,
    topic: row.topic,
    slowModeMs: active.some(isSlowed) ? Math.max(row.slow_mode_ms, raids.slowModeMs) : row.slow_mode_ms,
    raids: active,
    pair: row.direct_key?.split(":") ?? null,
    ownerId: row.owner_id,
    lounge: loungeOf(row),
  };
}

export function createRoomCache({ pool, now }: { readonly pool: pg.Pool; readonly now: Clock }): RoomCache {
  const rooms = createBatchingCache<RoomRecord>({
    freshMs: 500,
    staleWhileRevalidateMs: 1_000,
    async load(ids) {
      const { rows } = await pool.query<Row>({ name: "rooms-find", text: FIND, values: [ids, now()] });
      return new Map(rows.map((row) => [row.id, toRecord(row)]));
    },
  });
  return { find: rooms.get, forget: rooms.invalidate };
}
