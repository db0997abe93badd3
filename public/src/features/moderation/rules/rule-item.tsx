import { Pencil, Trash2 } from "lucide";
import type { RuleDto } from "../../../../../utils/contract/schemas/moderation/rules.ts";
import { toApiError } from "../../../api.ts";
import { isolated } from "../../../locales/index.ts";
import { countedConsole, tc } from "../../../locales/moderation/console/index.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { mayActOnScope } from "../access.ts";
import { updateRule } from "../api.ts";
import { say } from "../live-region.tsx";
import { durationName, scopeName } from "../texts.ts";
import { hasThreshold } from "./rule-draft.ts";

/** Returns what a rule looks for, in a few words. */
function conditionOf({ kind, pattern, threshold, windowMs }: RuleDto): string {
  if (hasThreshold(kind)) {
    const count = countedConsole("modAllowed", threshold ?? 0);
    return windowMs === null ? count : `${count} ${tc("modRuleWithin", { time: durationName(windowMs) })}`;
  }
  const [first = "", ...rest] = (pattern ?? "").split("\n").filter((line) => line.trim() !== "");
  return kind === "regex" || rest.length === 0 ? first : `${first} … (${countedConsole("modWordCount", rest.length + 1)})`;
}

type ItemProps = {
  rule: RuleDto;
  onEdit: () => void;
  onDelete: () => void;
  onChange: (rule: RuleDto) => void;
  onReload: () => void;
};

/** Renders one rule, with a switch to enable it. */
export function RuleItem({ rule, onEdit, onDelete, onChange, onReload }: ItemProps) {
  const { id, version, kind, isEnabled, outcome, scope, hits } = rule;
  const name = tc(`modRuleKind_${kind}`);
  const toggle = useAction(async (isConfirmed: boolean) => {
    try {
      const next = await updateRule({ ruleId: id, version, isEnabled: !isEnabled, ...(isConfirmed && { confirm: true }) });
      say(tc(next.isEnabled ? "modRuleOn" : "modRuleOff"));
      onChange(next);
    } catch (error) {
      if (toApiError(error).code === "rule_changed") onReload();
      throw error;
    }
  });
  const canChange = mayActOnScope(scope);
  return (
    <li class="mod-card mod-rule" data-rule={id}>
      <div class="mod-rule-words">
        <h3>{name}</h3>
        {conditionOf(rule) !== "" && (
          <p class="mod-rule-condition">
            <bdi>{conditionOf(rule)}</bdi>
          </p>
        )}
        <p class="mod-facts">
          <span>{tc(`modRuleOutcome_${outcome}`)}</span>
          <span>{scopeName(scope)}</span>
          <span>{countedConsole("modHits", hits)}</span>
          {rule.createdBy === null && <span>{tc("modRuleBuiltIn")}</span>}
        </p>
      </div>
      {canChange && (
        <div class="mod-rule-tools">
          <input
            type="checkbox"
            class="toggle"
            role="switch"
            aria-checked={isEnabled}
            aria-label={tc("modRuleEnable", { name: isolated(name) })}
            checked={isEnabled}
            onClick={(event) => {
              // It shows the server's state, which may reject the change.
              event.preventDefault();
              void toggle.act(false);
            }}
          />
          <button type="button" class="icon-button" aria-label={`${tc("modRuleEdit")}: ${name}`} title={tc("modRuleEdit")} onClick={onEdit}>
            <Icon icon={Pencil} size={18} />
          </button>
          <button
            type="button"
            class="icon-button"
            aria-label={tc("modRuleDelete", { name: isolated(name) })}
            title={tc("modRuleDelete", { name })}
            onClick={onDelete}
          >
            <Icon icon={Trash2} size={18} />
          </button>
        </div>
      )}
      {toggle.refusal?.code === "rule_too_broad" ? (
        <div role="alert" class="mod-changed">
          <p>{tc("modRuleTooBroad")}</p>
          <button type="button" class="button button-quiet" aria-disabled={toggle.isBusy} onClick={() => void toggle.act(true)}>
            {tc("modRuleConfirm")}
          </button>
        </div>
      ) : (
        <Trouble refusal={toggle.refusal} />
      )}
    </li>
  );
}
