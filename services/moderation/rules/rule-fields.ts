import type { ScopeInput } from "../../../utils/contract/schemas/moderation/actions.ts";
import type { CreateRuleInput } from "../../../utils/contract/schemas/moderation/rules.ts";
import { AppError } from "../../../utils/errors.ts";
import { linesOf, type Rule } from "../../automod/rules/rule.ts";
import { hostRuleOf } from "../../automod/rules/text/hosts.ts";
import { patternError } from "../../automod/rules/text/patterns.ts";
import { PHRASE_LETTERS, phraseOf } from "../../automod/rules/text/phrases.ts";
import { isEnglishList, isListLine } from "../../automod/rules/text/word-lists.ts";

/** A rule that is not stored yet. */
export type RuleFields = Omit<Rule, "id">;

/** The fields of a new rule, or of one to be tested. */
type GivenFields = Omit<CreateRuleInput, "isEnabled" | "confirm">;

/** The fields that each kind needs. `optional` ones may be given; all others must be null. */
const neededBy: Record<Rule["kind"], { readonly required: readonly Field[]; readonly optional?: readonly Field[] }> = {
  word: { required: ["pattern"] },
  regex: { required: ["pattern"] },
  link: { required: [], optional: ["pattern"] },
  mention: { required: ["threshold"] },
  repeat: { required: ["threshold", "windowMs"] },
  flood: { required: ["threshold", "windowMs"] },
  first_messages: { required: ["threshold"] },
};

type Field = "pattern" | "threshold" | "windowMs";
const fields: readonly Field[] = ["pattern", "threshold", "windowMs"];

type Issue = { path: string; message: string };

const isMissing = (value: unknown): boolean => value === null || (typeof value === "string" && value.trim() === "");

/** Returns what is wrong with the fields of a kind. */
function issuesOf(rule: RuleFields): Issue[] {
  const { required, optional = [] } = neededBy[rule.kind];
  const issues: Issue[] = fields.flatMap((path) => {
    if (required.includes(path)) return isMissing(rule[path]) ? [{ path, message: `must be given for the kind ${rule.kind}` }] : [];
    return rule[path] === null || optional.includes(path) ? [] : [{ path, message: `must not be given for the kind ${rule.kind}` }];
  });
  if ((rule.outcome === "silence") !== (rule.silenceMs !== null))
    issues.push({ path: "silenceMs", message: "must be given for the outcome silence, and for no other" });
  return issues;
}

/** Returns what is wrong with a line of a word rule, in English; null if it can be used. */
function lineError(line: string, { outcome }: RuleFields): string | null {
  if (isListLine(line)) {
    if (!isEnglishList(line)) return "The only built-in word list is @list:en.";
    return outcome === "flag" ? null : "Rules with a built-in word list can only flag messages.";
  }
  return phraseOf(line, 0) === null ? `Each line must have between 1 and ${PHRASE_LETTERS} letters or digits: ${line.slice(0, 40)}` : null;
}

function errorOfPattern(rule: RuleFields): string | null {
  const lines = linesOf(rule.pattern);
  if (rule.kind === "regex") return patternError(rule.pattern ?? "");
  if (rule.kind === "word") return lines.map((line) => lineError(line, rule)).find((error) => error !== null) ?? null;
  if (rule.kind === "link") return hostRuleOf(lines) === null ? "Each line must be a host name, such as example.org." : null;
  return null;
}

/**
 * Checks the fields of a rule and fills in the defaults.
 * @throws AppError `invalid_input` for fields that the kind or outcome does not have or needs, `pattern_invalid { reason }`
 */
export function checkedFields(given: GivenFields): RuleFields {
  const scope: ScopeInput = given.scope ?? { kind: "site" };
  const rule: RuleFields = {
    kind: given.kind,
    pattern: given.pattern ?? null,
    threshold: given.threshold ?? null,
    windowMs: given.windowMs ?? null,
    scope: { kind: scope.kind, id: scope.id ?? null },
    outcome: given.outcome,
    silenceMs: given.silenceMs ?? null,
    exemptRoles: given.exemptRoles ?? ["moderator", "admin"],
    message: given.message || null,
  };
  const errors = issuesOf(rule);
  if (errors.length > 0) throw new AppError("invalid_input", { errors });
  const reason = errorOfPattern(rule);
  if (reason !== null) throw new AppError("pattern_invalid", { reason });
  return rule;
}
