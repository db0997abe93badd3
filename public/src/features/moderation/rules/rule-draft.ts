import type { ScopeKind } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type {
  CreateRuleInput,
  RuleDto,
  RuleKind,
  RuleOutcome,
  TestRuleInput,
} from "../../../../../utils/contract/schemas/moderation/rules.ts";
import type { AuthorDto } from "../../../../../utils/contract/schemas/users.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

export const ruleKinds: readonly RuleKind[] = ["word", "regex", "link", "mention", "repeat", "flood", "first_messages"];
export const ruleOutcomes: readonly RuleOutcome[] = ["hold", "block", "flag", "silence"];
export const ruleRoles: readonly AuthorDto["role"][] = ["guest", "member", "moderator", "admin"];

export const windows: readonly number[] = [10_000, MINUTE, 10 * MINUTE, HOUR, 24 * HOUR];
export const silences: readonly number[] = [10 * MINUTE, HOUR, 24 * HOUR, 7 * 24 * HOUR];

export type PatternKind = Extract<RuleKind, "word" | "regex" | "link">;
export type CountKind = Extract<RuleKind, "mention" | "repeat" | "flood" | "first_messages">;

export const hasPattern = (kind: RuleKind): kind is PatternKind => kind === "word" || kind === "regex" || kind === "link";
export const hasThreshold = (kind: RuleKind): kind is CountKind => !hasPattern(kind);
export const hasWindow = (kind: RuleKind): boolean => kind === "repeat" || kind === "flood";

/** A rule as the form holds it. */
export type RuleDraft = {
  readonly kind: RuleKind;
  readonly pattern: string;
  readonly threshold: string;
  readonly windowMs: number;
  readonly scope: { readonly kind: ScopeKind; readonly id: string | null };
  readonly outcome: RuleOutcome;
  readonly silenceMs: number;
  readonly exemptRoles: readonly AuthorDto["role"][];
  readonly message: string;
  readonly isEnabled: boolean;
};

export const newRule = (scope: RuleDraft["scope"]): RuleDraft => ({
  kind: "word",
  pattern: "",
  threshold: "3",
  windowMs: MINUTE,
  scope,
  outcome: "hold",
  silenceMs: 10 * MINUTE,
  exemptRoles: ["moderator", "admin"],
  message: "",
  isEnabled: false,
});

export const draftOfRule = (rule: RuleDto): RuleDraft => ({
  ...newRule(rule.scope),
  kind: rule.kind,
  pattern: rule.pattern ?? "",
  threshold: rule.threshold === null ? "3" : String(rule.threshold),
  windowMs: rule.windowMs ?? MINUTE,
  outcome: rule.outcome,
  silenceMs: rule.silenceMs ?? 10 * MINUTE,
  exemptRoles: rule.exemptRoles,
  message: rule.message ?? "",
  isEnabled: rule.isEnabled,
});

/** The fields that must be corrected before the rule can be tested or saved. */
export type Missing = "pattern" | "threshold" | null;

export function missingIn({ kind, pattern, threshold }: RuleDraft): Missing {
  if (hasPattern(kind)) return kind !== "link" && pattern.trim() === "" ? "pattern" : null;
  const count = Number(threshold);
  return Number.isInteger(count) && count >= 1 && count <= 1_000 ? null : "threshold";
}

type RuleFields = TestRuleInput["rule"];

/** Returns the fields of a rule for a request: only those that its kind and outcome have. */
export function fieldsOf({ kind, pattern, threshold, windowMs, scope, outcome, silenceMs, exemptRoles, message }: RuleDraft): RuleFields {
  return {
    kind,
    pattern: hasPattern(kind) ? pattern.trim() || null : null,
    threshold: hasThreshold(kind) ? Number(threshold) : null,
    windowMs: hasWindow(kind) ? windowMs : null,
    scope: { kind: scope.kind, ...(scope.id !== null && { id: scope.id }) },
    outcome,
    silenceMs: outcome === "silence" ? silenceMs : null,
    exemptRoles: [...exemptRoles],
    message: message.trim() || null,
  };
}

export const creationOf = (draft: RuleDraft): CreateRuleInput => ({ ...fieldsOf(draft), isEnabled: draft.isEnabled });
