import type pg from "pg";
import { inTransaction } from "../../../prisma/transaction.ts";
import type { ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import {
  type RaidMeasure,
  type RaidModeDto,
  raidMeasures,
  type StartRaidModeInput,
} from "../../../utils/contract/schemas/moderation/raid-mode.ts";
import { newId } from "../../../utils/ids.ts";
import { auditInTransaction } from "../../audit/record.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { currentStaff, loungeOfPublicScope } from "../actions/action-access.ts";
import type { ActionCaller } from "../actions/action-draft.ts";
import { mayModerateIn, mayModerateSomewhere } from "../policy.ts";
import { presentRaidMode, RAID_MODE_COLUMNS, type RaidModeRow } from "./present-raid-mode.ts";

const INSERT = `
  INSERT INTO raid_modes (id, scope_kind, scope_id, is_automatic, measures, started_at, ends_at, started_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING ${RAID_MODE_COLUMNS}`;

/** A raid mode to be started; without an actor of the caller it is automatic. `reason` goes to the audit log. */
export type NewRaidMode = {
  readonly scope: ScopeDto;
  readonly measures: readonly RaidMeasure[];
  readonly durationMs: number;
  readonly reason: string;
};

/** Stores a raid mode and its audit entry. */
export async function insertRaidMode(tx: pg.PoolClient, caller: ActionCaller, raid: NewRaidMode): Promise<RaidModeRow> {
  const { scope, measures, durationMs, reason } = raid;
  const id = newId();
  const now = caller.now();
  const actorId = caller.actor?.id ?? null;
  const endsAt = new Date(now.getTime() + durationMs);
  const { rows } = await tx.query<RaidModeRow>(INSERT, [id, scope.kind, scope.id, actorId === null, measures, now, endsAt, actorId]);
  const [row] = rows;
  if (row === undefined) throw new Error("The database returned no row for a raid mode.");
  const data = { scope: { ...scope }, measures: [...measures], endsAt: endsAt.toISOString(), reason };
  await auditInTransaction(tx, caller, { action: "raid_mode_started", subjectType: "raid_mode", subjectId: id, data });
  return row;
}

/**
 * Switches raid mode on, until it is ended or its time is over. It applies on every node within a second.
 * @throws AppError `forbidden` for all but the staff of the scope, `not_found` for an unknown room or lounge
 */
export async function startRaidMode(ctx: Ctx<"pool" | "now">, input: StartRaidModeInput): Promise<RaidModeDto> {
  authorize(mayModerateSomewhere(ctx.actor));
  const scope: ScopeDto = { kind: input.scope.kind, id: input.scope.id ?? null };
  const measures = [...new Set(input.measures ?? raidMeasures)];
  const row = await inTransaction(ctx.pool, async (tx) => {
    const actor = await currentStaff(tx, ctx.actor);
    authorize(mayModerateIn(actor, { loungeId: await loungeOfPublicScope(tx, scope) }));
    return insertRaidMode(tx, ctx, { scope, measures, durationMs: input.durationMs, reason: "moderator" });
  });
  return presentRaidMode(row, ctx.now());
}
