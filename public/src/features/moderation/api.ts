import type {
  ActionDto,
  BulkActionsInput,
  ListActionsInput,
  NewActionInput,
} from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { AppealDto, DecideAppealInput } from "../../../../utils/contract/schemas/moderation/appeals.ts";
import type { ResolveCaseInput } from "../../../../utils/contract/schemas/moderation/cases.ts";
import type { StartRaidModeInput } from "../../../../utils/contract/schemas/moderation/raid-mode.ts";
import type { CreateRuleInput, TestRuleInput, UpdateRuleInput } from "../../../../utils/contract/schemas/moderation/rules.ts";
import { type Answer, ask } from "../../api.ts";

const base = "/api/moderation";
const mine = { bearer: true } as const;
const post = { method: "POST", bearer: true } as const;

/** A query string; empty and missing values are left out. */
export type Query = Readonly<Record<string, string | null | undefined>>;

export function queryOf(values: Query): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value) query.set(name, value);
  return query.toString();
}

const listed = (path: string, query: Query): string => `${base}/${path}?${queryOf(query)}`;

export const listCases = (query: Query) => ask("listCases", listed("cases", query), mine);

export const getCase = (caseId: string) => ask("getCase", `${base}/cases/${caseId}`, mine);

/** The part of a case that a change of it needs. */
type Seen = { readonly id: string; readonly version: number };

/** @throws ApiError: `case_changed` with the current `case` */
export const claimCase = ({ id, version }: Seen) => ask("claimCase", `${base}/cases/${id}/claim`, { ...post, body: { version } });

/** @throws ApiError: `case_changed` with the current `case` */
export const releaseCase = ({ id, version }: Seen) => ask("releaseCase", `${base}/cases/${id}/release`, { ...post, body: { version } });

/** Decides a case. `isLast` completes the call even while the page is being unloaded. @throws ApiError: `case_changed` with the current `case` */
export const resolveCase = ({ id, version }: Seen, decision: Omit<ResolveCaseInput, "caseId" | "version">, { isLast = false } = {}) =>
  ask("resolveCase", `${base}/cases/${id}/resolve`, { ...post, isLast, body: { version, ...decision } });

export const createAction = (body: NewActionInput) => ask("createAction", `${base}/actions`, { ...post, body });

export const createBulkActions = (body: BulkActionsInput) => ask("createBulkActions", `${base}/actions/bulk`, { ...post, body });

export const listActions = (query: Query & Partial<Pick<ListActionsInput, "active">>) => ask("listActions", listed("actions", query), mine);

export const revertAction = (actionId: string): Promise<ActionDto> =>
  ask("revertAction", `${base}/actions/${actionId}/revert`, { ...post, body: {} });

export const listAppeals = (query: Query) => ask("listAppeals", listed("appeals", query), mine);

/** @throws ApiError: `same_moderator`, `case_changed` */
export const decideAppeal = ({ appealId, ...body }: DecideAppealInput): Promise<AppealDto> =>
  ask("decideAppeal", `${base}/appeals/${appealId}/decide`, { ...post, body });

export const listRules = (query: Query) => ask("listRules", listed("rules", query), mine);

/** @throws ApiError: `pattern_invalid`, `rule_too_broad` */
export const createRule = (body: CreateRuleInput) => ask("createRule", `${base}/rules`, { ...post, body });

/** @throws ApiError: `pattern_invalid`, `rule_too_broad`, `rule_changed` */
export const updateRule = ({ ruleId, ...body }: UpdateRuleInput) =>
  ask("updateRule", `${base}/rules/${ruleId}`, { method: "PATCH", bearer: true, body });

export const deleteRule = (ruleId: string, { isLast = false } = {}) =>
  ask("deleteRule", `${base}/rules/${ruleId}`, { method: "DELETE", bearer: true, isLast });

export const testRule = (body: TestRuleInput): Promise<Answer<"testRule">> => ask("testRule", `${base}/rules/test`, { ...post, body });

export const listRaidModes = (query: Query) => ask("listRaidModes", listed("raid-mode", query), mine);

export const startRaidMode = (body: StartRaidModeInput) => ask("startRaidMode", `${base}/raid-mode`, { ...post, body });

export const endRaidMode = (id: string) => ask("endRaidMode", `${base}/raid-mode/${id}`, { method: "DELETE", bearer: true });

export const listLog = (query: Query) => ask("listModerationLog", listed("log", query), mine);

export const listAudit = (query: Query) => ask("listAudit", listed("audit", query), mine);

export const getFigures = (days: number) => ask("getModerationFigures", listed("figures", { days: String(days) }), mine);
