import type { ScopeDto } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { RuleKind, RuleOutcome } from "../../../utils/contract/schemas/moderation/rules.ts";
import type { Actor } from "../../actor.ts";

/** A rule as the engine needs it. */
export type Rule = {
  readonly id: string;
  readonly kind: RuleKind;
  readonly pattern: string | null;
  readonly threshold: number | null;
  readonly windowMs: number | null;
  readonly scope: ScopeDto;
  readonly outcome: RuleOutcome;
  readonly silenceMs: number | null;
  readonly exemptRoles: readonly Actor["role"][];
  readonly message: string | null;
};

/** Returns the lines of a pattern, without empty ones. */
export const linesOf = (pattern: string | null): string[] =>
  (pattern ?? "")
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");

/** Whether a rule counts messages instead of looking at the content of one. */
export const isCounting = ({ kind }: Pick<Rule, "kind">): boolean => kind === "repeat" || kind === "flood" || kind === "first_messages";
