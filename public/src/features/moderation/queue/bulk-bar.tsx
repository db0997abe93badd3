import { Gavel, X } from "lucide";
import { useState } from "preact/hooks";
import { countedConsole, tc } from "../../../locales/moderation/console/index.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Panel } from "../../../shared/ui/panel.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { scopesAt } from "../access.ts";
import { ActionForm } from "../actions/action-form.tsx";
import { type Draft, newDraft, type Target } from "../actions/draft.ts";
import { targetOfCase } from "../case/target.ts";
import { actOnSelected, dismissSelected, planOf, selectedCases } from "./bulk-actions.ts";

/** Returns a target with what the selected cases have: the form offers what is possible in at least one of them. */
function commonTarget(targets: readonly Target[]): Target | null {
  const [first] = targets;
  if (!first) return null;
  const lounge = targets.every(({ loungeId }) => loungeId === first.loungeId) ? first.loungeId : null;
  return {
    subject: targets.find(({ subject }) => subject !== null)?.subject ?? null,
    messageId: targets.find(({ messageId }) => messageId !== null)?.messageId ?? null,
    itemId: null,
    caseId: null,
    roomId: lounge !== null && targets.every(({ roomId }) => roomId === first.roomId) ? first.roomId : null,
    loungeId: lounge,
  };
}

function BulkSheet({ onClose }: { onClose: () => void }) {
  const chosen = selectedCases();
  const target = commonTarget(chosen.map(targetOfCase));
  const scopes = target ? scopesAt(target) : [];
  const [draft, setDraft] = useState<Draft>(() => newDraft("mute", { rule: chosen[0]?.reasons[0]?.reason, scopes, record: [] }));
  const submit = useAction(async () => {
    const offerUndo = await actOnSelected(draft);
    onClose();
    offerUndo();
  });
  if (!target) return null;
  const possible = planOf(draft, chosen).affected.length;
  return (
    <Panel title={tc("modBulk")} kind="sheet" onClose={onClose}>
      <p class="mod-sheet-note">
        {countedConsole("modCaseCount", possible)}
        {possible < chosen.length && ` · ${countedConsole("modBulkLeft", chosen.length - possible)}`}
      </p>
      <ActionForm
        draft={draft}
        onChange={setDraft}
        onSubmit={() => void submit.act()}
        isBusy={submit.isBusy}
        refusal={submit.refusal}
        target={target}
        scopes={scopes}
        record={[]}
        mayAct
      />
    </Panel>
  );
}

/** Renders what can be done with the selected cases. */
export function BulkBar({ count }: { count: number }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <div class="mod-bar mod-bulk">
      <p class="mod-bulk-count" role="status">
        {countedConsole("modSelected", count)}
      </p>
      <button type="button" class="button button-quiet" disabled={count === 0} onClick={dismissSelected}>
        <Icon icon={X} size={17} /> {tc("modDismiss")}
      </button>
      <button type="button" class="button button-main" disabled={count === 0} onClick={() => setOpen(true)}>
        <Icon icon={Gavel} size={17} /> {tc("modBulkAct")}
      </button>
      {isOpen && count > 0 && <BulkSheet onClose={() => setOpen(false)} />}
    </div>
  );
}
