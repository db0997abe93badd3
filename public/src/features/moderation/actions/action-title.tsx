import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { actionName, reasonName } from "../texts.ts";

/** Names an action and the rule that was broken, and whether it was undone. */
export const ActionTitle = ({ kind, rule, revertedAt }: Pick<ActionDto, "kind" | "rule" | "revertedAt">) => (
  <p class="mod-action-title">
    <strong>{actionName(kind)}</strong>
    <span>{reasonName(rule)}</span>
    {revertedAt !== null && <span class="mod-state mod-state-resolved">{tc("modReverted")}</span>}
  </p>
);
