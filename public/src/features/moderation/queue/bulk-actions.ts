import type { NewActionInput } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { toApiError } from "../../../api.ts";
import { countedConsole, tc } from "../../../locales/moderation/console/index.ts";
import { offerUndo } from "../../../shared/state/undo.ts";
import { mayActOn } from "../access.ts";
import { actionsOf, type Draft, type Target } from "../actions/draft.ts";
import { createBulkActions, resolveCase, revertAction } from "../api.ts";
import { applyChange, noteConflict } from "../case/case-state.ts";
import { targetOfCase } from "../case/target.ts";
import { say } from "../live-region.tsx";
import { cases, loadQueue, selected, setDeciding } from "./queue-state.ts";

export const selectedCases = (): CaseDto[] => (cases.value ?? []).filter(({ id }) => selected.value.has(id));

const clear = (): void => {
  selected.value = new Set();
};

/** What one user gets once, even if several of the cases are about them. */
const keyOf = ({ kind, userId, messageId, itemId, scope }: NewActionInput): string =>
  [kind, messageId ?? itemId ?? userId, scope?.kind, scope?.id].join(" ");

const isAllowed = ({ subject, loungeId }: Target): boolean => subject !== null && mayActOn(subject, loungeId);

type Plan = { readonly actions: NewActionInput[]; readonly affected: CaseDto[] };

/** Returns the actions of a draft for all cases in which they are possible. */
export function planOf(draft: Draft, chosen: readonly CaseDto[], isPossible: (target: Target) => boolean = isAllowed): Plan {
  const actions = new Map<string, NewActionInput>();
  const affected: CaseDto[] = [];
  for (const one of chosen) {
    const target = targetOfCase(one);
    const own = isPossible(target) ? actionsOf(draft, target) : [];
    if (own.length > 0) affected.push(one);
    for (const action of own) if (!actions.has(keyOf(action))) actions.set(keyOf(action), action);
  }
  return { actions: [...actions.values()], affected };
}

/** Decides cases one after the other. Returns how many could not be decided, because another moderator changed them. */
async function resolveAll(all: readonly CaseDto[], outcomeOf: (one: CaseDto) => "dismissed" | "actioned" | "refused"): Promise<number> {
  let left = 0;
  for (const one of all) {
    try {
      applyChange(await resolveCase(one, { outcome: outcomeOf(one) }, { isLast: true }));
    } catch (error) {
      left += 1;
      noteConflict(one.id, toApiError(error));
    }
    setDeciding(one.id, false);
  }
  return left;
}

/** Dismisses all selected cases, once that can no longer be undone. */
export function dismissSelected(): void {
  const chosen = selectedCases().filter(({ state, kind }) => state !== "resolved" && kind !== "held");
  if (chosen.length === 0) return;
  for (const { id } of chosen) setDeciding(id, true);
  clear();
  const commit = async (): Promise<void> => {
    const left = await resolveAll(chosen, () => "dismissed");
    if (left > 0) say(countedConsole("modBulkLeft", left));
  };
  const undo = async (): Promise<void> => {
    for (const { id } of chosen) setDeciding(id, false);
  };
  offerUndo({ text: tc("modBulkDismissed"), undo, finish: () => void commit() });
}

/**
 * Takes an action in all selected cases together and decides them. One undo reverts all of it.
 * @returns a function that offers to undo it, to be called once no dialog is open
 * @throws ApiError
 */
export async function actOnSelected(draft: Draft): Promise<() => void> {
  const chosen = selectedCases();
  const { actions, affected } = planOf(draft, chosen);
  if (actions.length === 0) return () => say(tc("modBulkNothing"));
  const { parent, actions: taken } = await createBulkActions({ actions });
  const undecided = affected.filter(({ state }) => state !== "resolved");
  const left = chosen.length - affected.length + (await resolveAll(undecided, ({ kind }) => (kind === "held" ? "refused" : "actioned")));
  clear();
  const text = [countedConsole("modBulkDone", taken.length), ...(left > 0 ? [countedConsole("modBulkLeft", left)] : [])].join(" ");
  const undo = async (): Promise<void> => {
    await revertAction(parent.id);
    await loadQueue();
    say(tc("modUndone"));
  };
  return () => offerUndo({ text, undo });
}
