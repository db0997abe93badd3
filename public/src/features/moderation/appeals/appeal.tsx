import { useRef, useState } from "preact/hooks";
import type { ActionDto } from "../../../../../utils/contract/schemas/moderation/actions.ts";
import type { AppealDto } from "../../../../../utils/contract/schemas/moderation/appeals.ts";
import { toApiError } from "../../../api.ts";
import { isolated } from "../../../locales/index.ts";
import { tc } from "../../../locales/moderation/console/index.ts";
import { shownName } from "../../../shared/text/shown-name.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { Avatar, Mark, PersonName } from "../../people/person.tsx";
import { currentUser } from "../../session/session.ts";
import { loungeOf, mayActOn } from "../access.ts";
import { ActionLine } from "../actions/action-line.tsx";
import { decideAppeal } from "../api.ts";
import { casePath } from "../case/decisions.ts";
import { TextArea } from "../fields.tsx";
import { say } from "../live-region.tsx";
import { Ago } from "../moment.tsx";

type AppealProps = {
  appeal: AppealDto;
  /** Undefined while it loads, null if it can't be found. */
  action: ActionDto | null | undefined;
  onChange: (appeal: AppealDto) => void;
  onReload: () => void;
};

type Outcome = "upheld" | "reversed";

/** The answers that were not sent yet, by appeal: they are kept when the list is loaded again. */
const answers = new Map<string, string>();

function Decide({ appeal, onChange, onReload }: Omit<AppealProps, "action">) {
  const [answer, setAnswer] = useState(answers.get(appeal.id) ?? "");
  const [isMissing, setMissing] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const write = (text: string) => {
    answers.set(appeal.id, text);
    setAnswer(text);
    setMissing(false);
  };
  const decide = useAction(async (outcome: Outcome) => {
    try {
      const next = await decideAppeal({ appealId: appeal.id, outcome, answer: answer.trim() });
      answers.delete(appeal.id);
      say(tc(outcome === "upheld" ? "modUpheldNow" : "modReversedNow"));
      onChange(next);
    } catch (error) {
      if (toApiError(error).code === "case_changed") onReload();
      throw error;
    }
  });
  const submit = (outcome: Outcome) => {
    if (answer.trim() !== "") return void decide.act(outcome);
    setMissing(true);
    box.current?.querySelector("textarea")?.focus();
  };
  return (
    <div ref={box} class="form">
      <TextArea
        id={`answer-${appeal.id}`}
        label={tc("modAppealAnswer")}
        hint={tc("modAppealAnswerHint")}
        error={isMissing ? tc("modAnswerNeeded") : null}
        value={answer}
        most={2_000}
        onChange={write}
      />
      <Trouble refusal={decide.refusal} />
      <div class="form-actions">
        <button type="button" class="button button-quiet" aria-disabled={decide.isBusy} onClick={() => submit("upheld")}>
          {tc("modUphold")}
        </button>
        <button type="button" class="button button-main" aria-disabled={decide.isBusy} onClick={() => submit("reversed")}>
          {tc("modReverse")}
        </button>
      </div>
    </div>
  );
}

/** Renders what the user may do: decide, or why not. */
function Decision({ appeal, action, onChange, onReload }: AppealProps) {
  const { state, answer, decidedBy } = appeal;
  if (state !== "open")
    return (
      <>
        {answer && (
          <p class="mod-quote" dir="auto">
            {answer}
          </p>
        )}
        <p class="mod-facts">
          <span class={`mod-state mod-state-${state === "reversed" ? "open" : "resolved"}`}>
            {tc(state === "reversed" ? "modAppealsReversed" : "modAppealsUpheld")}
          </span>
          {decidedBy && <span>{tc("modDecidedBy", { name: isolated(shownName(decidedBy)) })}</span>}
        </p>
      </>
    );
  const isOwn = action?.actor !== undefined && action.actor?.id === currentUser.value?.id && !action.isAutomatic;
  if (isOwn) return <p class="mod-dim">{tc("modOwnAction")}</p>;
  if (action?.target && !mayActOn(action.target, loungeOf(action.scope))) return <p class="mod-dim">{tc("modNotYours")}</p>;
  return <Decide appeal={appeal} onChange={onChange} onReload={onReload} />;
}

/** Renders an appeal with the action that it is against. */
export function Appeal(props: AppealProps) {
  const { appeal, action } = props;
  const { text, createdAt } = appeal;
  return (
    <li class="mod-appeal" data-appeal={appeal.id}>
      <div class="mod-message-head">
        {action?.target && (
          <>
            <Avatar who={action.target} size="sm" />
            <PersonName who={action.target} look="person-name" />
            <Mark who={action.target} />
          </>
        )}
        <Ago at={createdAt} />
        {action?.caseId && <a href={casePath(action.caseId)}>{tc("modGoToCase")}</a>}
      </div>
      <p class="mod-quote" dir="auto">
        {text}
      </p>
      {action && (
        <ul class="mod-list mod-against" aria-label={tc("modAppealAgainst")}>
          <ActionLine action={action} />
        </ul>
      )}
      <Decision {...props} />
    </li>
  );
}
