import type { ListRaidModesInput, RaidModeDto } from "../../../utils/contract/schemas/moderation/raid-mode.ts";
import { DEFAULT_PAGE, type Page } from "../../../utils/contract/schemas/primitives.ts";
import { END_OF_TIME, pageByTime, readTimeCursor } from "../../../utils/cursor.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { scopesOf } from "../actions/staff-scope.ts";
import { mayModerateSomewhere } from "../policy.ts";
import { presentRaidMode, RAID_MODE_COLUMNS, type RaidModeRow } from "./present-raid-mode.ts";

/** Raid modes of the whole site concern all staff; others those of their lounge. */
const LIST = `
  SELECT ${RAID_MODE_COLUMNS} FROM raid_modes
  WHERE ($1::uuid[] IS NULL OR scope_kind = 'site' OR scope_id = ANY($1)) AND (started_at, id) < ($2, $3)
  ORDER BY started_at DESC, id DESC LIMIT $4`;

/**
 * Returns raid modes, newest first: those of the site, and those of the lounges and rooms that the caller moderates.
 * @throws AppError `forbidden` for all but staff
 */
export async function listRaidModes(ctx: Ctx<"pool" | "now">, input: ListRaidModesInput): Promise<Page<RaidModeDto>> {
  authorize(mayModerateSomewhere(ctx.actor));
  const limit = input.limit ?? DEFAULT_PAGE;
  const before = readTimeCursor(input.cursor) ?? END_OF_TIME;
  const { rows } = await ctx.pool.query<RaidModeRow>(LIST, [await scopesOf(ctx), new Date(before.ms), before.id, limit + 1]);
  const now = ctx.now();
  return pageByTime(rows, {
    limit,
    positionOf: ({ started_at: at, id }) => ({ at, id }),
    present: (row) => presentRaidMode(row, now),
  });
}
