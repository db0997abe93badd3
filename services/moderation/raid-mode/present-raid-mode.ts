import type { RaidMeasure, RaidModeDto } from "../../../utils/contract/schemas/moderation/raid-mode.ts";

/** A row of `raid_modes`. */
export type RaidModeRow = {
  readonly id: string;
  readonly scope_kind: "room" | "lounge" | "site";
  readonly scope_id: string | null;
  readonly is_automatic: boolean;
  readonly measures: RaidMeasure[];
  readonly started_at: Date;
  readonly ends_at: Date;
  readonly ended_at: Date | null;
  readonly action_id: string | null;
};

export const RAID_MODE_COLUMNS = "id, scope_kind, scope_id, is_automatic, measures, started_at, ends_at, ended_at, action_id";

/** Returns a raid mode in API format. One whose time is over has ended by itself. */
export function presentRaidMode(row: RaidModeRow, now: Date): RaidModeDto {
  const endedAt = row.ended_at ?? (row.ends_at <= now ? row.ends_at : null);
  return {
    id: row.id,
    scope: { kind: row.scope_kind, id: row.scope_id },
    isAutomatic: row.is_automatic,
    startedAt: row.started_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
    actionId: row.action_id,
    measures: row.measures,
  };
}
