import type { DataExportDto } from "../../../utils/contract/schemas/privacy.ts";
import { AppError } from "../../../utils/errors.ts";
import { newId } from "../../../utils/ids.ts";
import { auditRow } from "../../audit/record.ts";
import { requireRecentAuth } from "../../auth/factors/recent-auth.ts";
import { authorize } from "../../authorize.ts";
import type { Ctx } from "../../context.ts";
import { mayExportData } from "../policy.ts";
import { presentExport } from "./present.ts";
import { runPendingExports } from "./run-pending.ts";

/** Consumes the user's daily limit of exports, which are more expensive than other requests. */
async function consumeExport({ limits, actor }: Ctx<"limits">): Promise<void> {
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
export async function requestExport(ctx: Ctx<"db" | "pool" | "now" | "keys" | "limits" | "logger" | "vault">): Promise<DataExportDto> {
  const { actor, db, now } = ctx;
  authorize(mayExportData(actor));
  await requireRecentAuth(ctx);
  await consumeExport(ctx);
  const event = { action: "export_requested", subjectType: "user", subjectId: actor.id, data: { sessionId: actor.sessionId } } as const;
  const [row] = await db.$transaction([
    db.dataExport.create({ data: { id: newId(), userId: actor.id, createdAt: now() } }),
    db.auditEntry.create({ data: auditRow(ctx, event) }),
  ]);
  void runPendingExports(ctx).catch((error: unknown) => ctx.logger.warn("could not create exports, leaving them to the job", { error }));
  return presentExport(ctx, row);
}
