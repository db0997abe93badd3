import type { Request, Response, Router } from "express";
import type { Deps } from "../../middleware/deps.ts";
import { createAction, createBulkActions } from "../../services/moderation/actions/create-actions.ts";
import { listActions } from "../../services/moderation/actions/list-actions.ts";
import { revertAction } from "../../services/moderation/actions/revert-action.ts";
import { createAppeal } from "../../services/moderation/appeals/create-appeal.ts";
import { decideAppeal } from "../../services/moderation/appeals/decide-appeal.ts";
import { listAppeals } from "../../services/moderation/appeals/list-appeals.ts";
import { claimCase, releaseCase } from "../../services/moderation/cases/claim-case.ts";
import { getModerationFigures } from "../../services/moderation/cases/figures.ts";
import { getCase } from "../../services/moderation/cases/get-case.ts";
import { listCases } from "../../services/moderation/cases/list-cases.ts";
import { resolveCase } from "../../services/moderation/cases/resolve-case.ts";
import { listAudit } from "../../services/moderation/log/list-audit.ts";
import { listModerationLog } from "../../services/moderation/log/list-log.ts";
import { endRaidMode } from "../../services/moderation/raid-mode/end-raid-mode.ts";
import { listRaidModes } from "../../services/moderation/raid-mode/list-raid-modes.ts";
import { startRaidMode } from "../../services/moderation/raid-mode/start-raid-mode.ts";
import { createReport, type MadeReport } from "../../services/moderation/reports/create-report.ts";
import { listReports } from "../../services/moderation/reports/list-reports.ts";
import { createRule } from "../../services/moderation/rules/create-rule.ts";
import { deleteRule } from "../../services/moderation/rules/delete-rule.ts";
import { listRules } from "../../services/moderation/rules/list-rules.ts";
import { testRule } from "../../services/moderation/rules/test-rule.ts";
import { updateRule } from "../../services/moderation/rules/update-rule.ts";
import { operations } from "../../utils/contract/operations/index.ts";
import type { ReportDto } from "../../utils/contract/schemas/moderation/reports.ts";
import { mount, withLocation, withResponse } from "./mount.ts";

/** Answers with a report, and its address if it is new. */
function sendReport({ report, isRepeat }: MadeReport, req: Request, res: Response): ReportDto {
  if (isRepeat) res.status(operations.createReport.repeatStatus);
  else res.location(`${req.path}/${report.id}`);
  return report;
}

export const moderation = (deps: Deps): Router =>
  mount(deps, {
    createReport: withResponse(createReport, sendReport),
    listReports,
    listCases,
    getCase,
    claimCase,
    releaseCase,
    resolveCase,
    getModerationFigures,
    createAction: withLocation(createAction, ({ id }) => id),
    createBulkActions: withLocation(createBulkActions, ({ parent }) => parent.id),
    listActions,
    revertAction,
    createAppeal: withLocation(createAppeal, ({ id }) => id),
    listAppeals,
    decideAppeal,
    listModerationLog,
    listAudit,
    testRule,
    listRules,
    createRule: withLocation(createRule, ({ id }) => id),
    updateRule,
    deleteRule,
    listRaidModes,
    startRaidMode: withLocation(startRaidMode, ({ id }) => id),
    endRaidMode,
  });
