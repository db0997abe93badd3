import { signal } from "@preact/signals";
import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { CaseDetailDto, CaseDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { toApiError } from "../../../api.ts";
import { explain, isolated } from "../../../locales/index.ts";
import type { ConsoleKey } from "../../../locales/moderation/console/en.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { go, goInstead, path } from "../../../shared/state/route.ts";
import { offerUndo } from "../../../shared/state/undo.ts";
import { actionsOf, type Draft, type Target } from "../actions/draft.ts";
import { createAction, resolveCase, revertAction } from "../api.ts";
import { say } from "../live-region.tsx";
import { caseBeside, deciding, setDeciding } from "../queue/queue-state.ts";
import { actionName } from "../texts.ts";
import { applyChange, keepDraft, noteConflict, opened, reloadCase, showDetail } from "./case-state.ts";

export const casePath = (id: string): string => `/moderation/cases/${id}`;

/** Why a decision that could be undone was not made after all, with the case. */
export const failedDecision = signal<{ id: string; text: string } | null>(null);

/** Decisions without an action. The server can't undo them, so they wait on this device while they can be undone. */
export type PlainOutcome = "dismissed" | "approved" | "refused";

const done: Record<PlainOutcome, ConsoleKey> = { dismissed: "modDismissed", approved: "modApproved", refused: "modRefused" };

function textOfFailure(one: CaseDto, error: unknown): string {
  const { code } = toApiError(error);
  const reason = code === "cannot_message" ? tc("modImpossible", { name: isolated(one.subject?.displayName ?? "") }) : explain(code);
  return tc("modNotDecided", { number: one.number, reason });
}

async function commit(one: CaseDto, outcome: PlainOutcome): Promise<void> {
  try {
    const detail = await resolveCase(one, { outcome }, { isLast: true });
    applyChange(detail);
  } catch (error) {
    noteConflict(one.id, toApiError(error));
    failedDecision.value = { id: one.id, text: textOfFailure(one, error) };
  }
  setDeciding(one.id, false);
}

/** Opens the case after this one, or back to the list after the last one. Only if this one is open. */
function goOn(from: CaseDto): void {
  if (path.peek() !== casePath(from.id)) return;
  const next = caseBeside(from.id, 1) ?? caseBeside(from.id, -1);
  goInstead(next && next.id !== from.id ? casePath(next.id) : "/moderation");
}

/** Decides a case without an action, once the decision can no longer be undone. */
export function decideLater(one: CaseDto, outcome: PlainOutcome): void {
  if (one.state === "resolved" || deciding.peek().has(one.id)) return;
  failedDecision.value = null;
  const text = tc(done[outcome], { number: one.number });
  setDeciding(one.id, true);
  goOn(one);
  const undo = async (): Promise<void> => {
    setDeciding(one.id, false);
    say(tc("modUndone"));
  };
  offerUndo({ text, undo, finish: () => void commit(one, outcome) });
}

/** Returns what was done to whom, in one phrase. */
function summaryOf(actions: readonly ActionDto[]): string {
  const [first] = actions;
  const what = [...new Set(actions.map(({ kind }) => actionName(kind)))].join(", ");
  return first?.target ? tc("modDoneFor", { what, name: isolated(first.target.displayName) }) : tc("modDone", { what });
}

type Revert = {
  /** What to revert: the actions, or the bulk action that contains them. */
  readonly ids: readonly string[];
  /** Called once they are undone. */
  readonly after?: () => void;
};

/** Offers to undo actions that were just taken. */
export function offerRevert(actions: readonly ActionDto[], { ids, after }: Revert): void {
  const undo = async (): Promise<void> => {
    // The last one first: what it restores may depend on the others.
    for (const id of [...ids].reverse()) await revertAction(id);
    say(tc("modUndone"));
    after?.();
  };
  offerUndo({ text: summaryOf(actions), undo });
}

/**
 * Decides a case with actions, or takes further actions in a decided case.
 * @returns a function that offers to undo them, to be called once no dialog is open; null if another moderator changed the case
 * @throws ApiError other than `case_changed`
 */
export async function act(before: CaseDetailDto, draft: Draft, target: Target): Promise<(() => void) | null> {
  const actions = actionsOf(draft, target);
  const taken = before.state === "resolved" ? await actFurther(before, actions) : await resolveWith(before, draft, actions);
  if (taken === null) return null;
  keepDraft(before.id, null);
  const after = (): void => {
    if (opened.peek()?.id === before.id) reloadCase();
    else go(casePath(before.id));
  };
  return () => offerRevert(taken, { ids: taken.map(({ id }) => id), after });
}

async function actFurther(before: CaseDetailDto, actions: ReturnType<typeof actionsOf>): Promise<ActionDto[]> {
  const taken: ActionDto[] = [];
  for (const action of actions) taken.push(await createAction(action));
  if (opened.peek()?.id === before.id) reloadCase();
  return taken;
}

/** Returns the actions; null if another moderator changed the case. */
async function resolveWith(before: CaseDetailDto, { note }: Draft, actions: ReturnType<typeof actionsOf>): Promise<ActionDto[] | null> {
  const outcome = before.kind === "held" ? "refused" : "actioned";
  const known = new Set(before.actions.map(({ id }) => id));
  try {
    const detail = await resolveCase(before, { outcome, actions, ...(note.trim() !== "" && { note: note.trim() }) });
    goOn(before);
    showDetail(detail);
    return detail.actions.filter(({ id }) => !known.has(id));
  } catch (error) {
    if (noteConflict(before.id, toApiError(error))) return null;
    throw error;
  }
}
