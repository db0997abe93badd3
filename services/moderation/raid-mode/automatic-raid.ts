import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import { raids } from "../../../utils/contract/limits.ts";
import type { ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { Services } from "../../context.ts";
import { measuresOf, type RaidSignal } from "../../raids/raid-detector.ts";
import { type ActionDraft, draftOf, type IssuedAction } from "../actions/action-draft.ts";
import { finishActions } from "../actions/finish-actions.ts";
import { issueActions } from "../actions/issue-actions.ts";
import { RAID_MODE_COLUMNS, type RaidModeRow } from "./present-raid-mode.ts";
import { insertRaidMode } from "./start-raid-mode.ts";

type RaidServices = Pick<Services, "pool" | "now" | "sessions" | "publish" | "events" | "logger">;

/** Serializes the automatic raid modes of a scope across all nodes. */
const LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('raid mode ' || $1 || coalesce($2::text, ''), 0))";

const CURRENT = `
  SELECT ${RAID_MODE_COLUMNS} FROM raid_modes WHERE is_automatic AND ended_at IS NULL AND ends_at > $3 AND scope_kind = $1::action_scope
    AND scope_id IS NOT DISTINCT FROM $2 FOR NO KEY UPDATE`;

/** A moderator who ended an automatic raid mode decided that there is no raid: none starts there for a while. */
const WAS_ENDED = `
  SELECT FROM raid_modes WHERE is_automatic AND ended_at > $3 AND scope_kind = $1::action_scope AND scope_id IS NOT DISTINCT FROM $2 LIMIT 1`;

const EXTEND = `
  UPDATE raid_modes SET ends_at = greatest(ends_at, $2), measures = ARRAY(SELECT DISTINCT unnest(measures || $3::text[]))
  WHERE id = $1 RETURNING ${RAID_MODE_COLUMNS}`;

/** Returns the automatic raid mode of the scope: a new one, or the active one with the measures of both. Null if staff just ended one. */
async function beginOrExtend(services: RaidServices, tx: pg.PoolClient, { kind, scope }: RaidSignal): Promise<RaidModeRow | null> {
  const now = services.now();
  const endsAt = new Date(now.getTime() + raids.automaticMs);
  await tx.query(LOCK, [scope.kind, scope.id]);
  const [current] = (await tx.query<RaidModeRow>(CURRENT, [scope.kind, scope.id, now])).rows;
  if (current !== undefined) return (await tx.query<RaidModeRow>(EXTEND, [current.id, endsAt, measuresOf[kind]])).rows[0] ?? null;
  const recently = new Date(now.getTime() - raids.automaticMs);
  if ((await tx.query(WAS_ENDED, [scope.kind, scope.id, recently])).rowCount !== 0) return null;
  const raid = { scope, measures: measuresOf[kind], durationMs: raids.automaticMs, reason: kind };
  return insertRaidMode(tx, { actor: null, now: services.now }, raid);
}

/** The guests and newcomers among the authors whom the raid mode has not muted yet. */
const TO_MUTE = `
  SELECT u.id FROM users u
  WHERE u.id = ANY($1::uuid[]) AND u.role IN ('guest', 'member') AND u.kind <> 'bot' AND u.erased_at IS NULL
    AND (u.kind = 'guest' OR u.trust_level = 'newcomer')
    AND NOT EXISTS (SELECT FROM moderation_actions a WHERE a.parent_id = $2 AND a.user_id = u.id)
  ORDER BY u.id`;

/** A mute by a raid mode, or without a user the bulk action of its mutes. */
const muteIn = (scope: ScopeDto, over: Partial<ActionDraft> = {}): ActionDraft =>
  draftOf({ kind: "mute", scope, rule: "spam", isAutomatic: true, ...over });

/** Returns the bulk action of a raid mode, which contains everything that it does; creates it when it is first needed. */
async function bulkActionOf(services: RaidServices, tx: pg.PoolClient, raid: RaidModeRow): Promise<string | null> {
  if (raid.action_id !== null) return raid.action_id;
  const scope = { kind: raid.scope_kind, id: raid.scope_id };
  const [bulk] = await issueActions(tx, services, [muteIn(scope)]);
  if (bulk === undefined) return null;
  await tx.query("UPDATE raid_modes SET action_id = $2 WHERE id = $1", [raid.id, bulk.id]);
  return bulk.id;
}

/** Mutes those who sent copies of one text until the raid mode ends. */
async function muteCopiers(services: RaidServices, tx: pg.PoolClient, { raid, signal }: { raid: RaidModeRow; signal: RaidSignal }) {
  const scope = { kind: raid.scope_kind, id: raid.scope_id };
  const { rows } = await tx.query<{ id: string }>(TO_MUTE, [signal.authorIds, raid.action_id]);
  if (rows.length === 0) return [];
  const parentId = await bulkActionOf(services, tx, raid);
  const durationMs = Math.max(1, raid.ends_at.getTime() - services.now().getTime());
  return issueActions(
    tx,
    services,
    rows.map(({ id: userId }) => muteIn(scope, { userId, durationMs, parentId })),
  );
}

/**
 * Switches raid mode on by itself after a threshold was exceeded, or extends the automatic one of the scope. Guests and newcomers who sent
 * copies of one text are muted meanwhile. Everything that it does belongs to one bulk action.
 */
export async function startAutomaticRaid(services: RaidServices, signal: RaidSignal): Promise<void> {
  const issued = await inTransaction(services.pool, async (tx): Promise<IssuedAction[]> => {
    const raid = await beginOrExtend(services, tx, signal);
    return raid === null ? [] : muteCopiers(services, tx, { raid, signal });
  });
  services.logger.warn("raid suspected", { kind: signal.kind, scope: signal.scope, muted: issued.length });
  await finishActions(services, issued);
}
