import { useState } from "preact/hooks";
import type { CaseDetailDto } from "../../../../../utils/contract/schemas/moderation/cases.ts";
import { useAction } from "../../../shared/ui/use-action.ts";
import { currentUser } from "../../session/session.ts";
import { mayActOn, scopesAt } from "../access.ts";
import type { ActionContext } from "../actions/action-form.tsx";
import { type ActionChoice, choicesFor, type Draft, needsText, newDraft, withChoice } from "../actions/draft.ts";
import { drafts, keepDraft, setClaim } from "./case-state.ts";
import { act, decideLater, type PlainOutcome } from "./decisions.ts";
import { claimerOf, targetOfCase } from "./target.ts";

/** Returns what the current user may do in a case. */
export function contextOf(detail: CaseDetailDto): ActionContext {
  const target = targetOfCase(detail);
  const mayAct = detail.subject !== null && mayActOn(detail.subject, detail.loungeId);
  return { target, scopes: scopesAt(target), record: detail.record.actions, mayAct };
}

/** The decisions of a case: by buttons, by keys and by the form of an action. */
export function useDecision(detail: CaseDetailDto) {
  const [isOpen, setOpen] = useState(false);
  const context = contextOf(detail);
  const choices = choicesFor(context.target, context);
  const isDecided = detail.state === "resolved";
  const claimer = claimerOf(detail);
  const isOthers = claimer !== null && claimer.id !== currentUser.value?.id;
  // A case without a subject can be decided by everyone who sees it.
  const mayDecide = detail.subject === null || context.mayAct;
  const start = (choice: ActionChoice): Draft => {
    const known = drafts.peek().get(detail.id);
    if (known) return withChoice(known, choice, context);
    return newDraft(choice, { ...context, rule: detail.reasons[0]?.reason });
  };
  const submit = useAction(async (draft: Draft) => {
    const offerUndo = await act(detail, draft, context.target);
    // After a conflict the form stays open: the draft may still be right.
    if (offerUndo === null) return;
    setOpen(false);
    offerUndo();
  });
  const claim = useAction((is: boolean) => setClaim(detail, is));

  /** Opens the form of an action; one that needs no further choice is taken at once. */
  const choose = (choice: ActionChoice): void => {
    if (isOthers || !choices.includes(choice)) return;
    const draft = start(choice);
    if (choice === "delete_message" && !needsText(draft) && !drafts.peek().has(detail.id)) return void submit.act(draft);
    keepDraft(detail.id, draft);
    setOpen(true);
  };
  const decide = (outcome: PlainOutcome): void => {
    const isPossible = (detail.kind === "held") === (outcome !== "dismissed");
    if (mayDecide && !isOthers && !isDecided && isPossible) decideLater(detail, outcome);
  };
  const first = choices.includes("mute") ? "mute" : choices[0];
  return {
    context,
    choices,
    isDecided,
    mayDecide,
    /** Whether another moderator works on the case, so that no one else can decide it. */
    isOthers,
    isOpen,
    draft: drafts.value.get(detail.id) ?? null,
    close: () => setOpen(false),
    choose,
    chooseFirst: () => first && choose(drafts.peek().get(detail.id)?.choice ?? first),
    decide,
    submit,
    claim,
  };
}

export type Decision = ReturnType<typeof useDecision>;
