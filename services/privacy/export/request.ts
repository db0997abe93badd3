import type { DataExportDto } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { auditRow } from "../../audit/record.ts";
import { requireRecentAuth } from "../../auth/factors/recent-auth.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayExportData } from "../policy.ts";
import { presentExport } from "./present.ts";
import { workOffExports } from "./work.ts";

/** Consumes the user's daily limit of exports, which are more expensive than other requests. */
async function spendExport({ limits, actor }: Ctx): Promise<void> {
  try {
    await limits.consume("exports", actor.id);
  } catch (error) {
    if (error instanceof AppError && error.code === "rate_limited") throw new AppError("export_limit", error.data);
    throw error;
  }
}

/**
 * Requests a zip of all data of the caller. The work starts immediately and continues after the response, on another node if this one
 * fails.
 * @throws AppError `step_up_required { methods }`, `export_limit { retryAfterMs }`
 */
export async function requestExport(ctx: Ctx): Promise<DataExportDto> {
  const { actor, db, now } = ctx;
  authorize(mayExportData(actor));
  await requireRecentAuth(ctx);
  await spendExport(ctx);
  const event = { action: "export_requested", subjectType: "user", subjectId: actor.id, data: { sessionId: actor.sessionId } } as const;
  const [row] = await db.$transaction([
    db.dataExport.create({ data: { id: newId(), userId: actor.id, createdAt: now() } }),
    db.auditEntry.create({ data: auditRow(ctx, event) }),
  ]);
  void workOffExports(ctx).catch((error: unknown) => ctx.logger.warn("the exports wait for their job", { error }));
  return presentExport(ctx, row);
}
