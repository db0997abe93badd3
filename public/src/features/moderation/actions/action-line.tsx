import { Undo2 } from "lucide";
import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import { aheadOf, formatTime, isolated } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { loungeOf, mayActOn } from "../access.ts";
import { revertAction } from "../api.ts";
import { say } from "../live-region.tsx";
import { Ago } from "../moment.tsx";
import { actionName, scopeName } from "../texts.ts";
import { ActionTitle } from "./action-title.tsx";

const kindsWithEnd: readonly ActionDto["kind"][] = ["mute", "kick", "ban_room", "ban_lounge", "ban_site", "require_phone"];

/** Returns how long an action lasts or lasted; null if it has no duration. */
function endOf({ kind, expiresAt, revertedAt }: ActionDto): string | null {
  if (revertedAt !== null || !kindsWithEnd.includes(kind)) return null;
  if (expiresAt === null) return tc("modPermanent");
  const end = new Date(expiresAt);
  return end.getTime() > Date.now() ? tc("modUntil", { time: formatTime(end) }) : tc("modEnded", { time: aheadOf(end) });
}

const byWhom = ({ isAutomatic, actor }: ActionDto): string =>
  isAutomatic ? tc("modAutomatic") : actor ? tc("modBy", { name: isolated(shownName(actor)) }) : "";

type LineProps = { action: ActionDto; onChange?: (action: ActionDto) => void };

/** Renders one action, with a button to undo it for those who may. */
export function ActionLine({ action, onChange }: LineProps) {
  const { kind, rule, scope, text, createdAt, revertedAt, target, appeal } = action;
  const undo = useAction(async () => {
    const next = await revertAction(action.id);
    say(tc("modUndone"));
    onChange?.(next);
  });
  const canUndo = revertedAt === null && onChange && target !== null && mayActOn(target, loungeOf(scope));
  const facts = [scopeName(scope), byWhom(action), endOf(action), appeal && tc(`modAppeal_${appeal.state}`)].filter(Boolean);
  return (
    <li class={revertedAt === null ? "mod-action" : "mod-action mod-action-undone"}>
      <div class="mod-action-words">
        <ActionTitle kind={kind} rule={rule} revertedAt={revertedAt} />
        <p class="mod-facts">
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
          <Ago at={createdAt} />
        </p>
        {text && (
          <p class="mod-quote" dir="auto">
            {text}
          </p>
        )}
        <Trouble refusal={undo.refusal} />
      </div>
      {canUndo && (
        <button
          type="button"
          class="button button-quiet mod-action-undo"
          aria-label={`${tc("modUndo")}: ${actionName(kind)}`}
          aria-disabled={undo.isBusy}
          onClick={() => void undo.act()}
        >
          <Icon icon={Undo2} size={16} /> {tc("modUndo")}
        </button>
      )}
    </li>
  );
}
