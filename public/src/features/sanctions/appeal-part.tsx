import { Scale } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ActionDto } from "../../../../utils/contract/schemas/moderation/actions.ts";
import type { AppealDto } from "../../../../utils/contract/schemas/moderation/appeals.ts";
import { type ApiError, ask } from "../../api.ts";
import { dateOf, explain, number } from "../../locales/index.ts";
import { countedModeration, tm } from "../../locales/moderation/index.ts";
import { now } from "../../shared/state/clock.ts";
import { Form, Submit, Trouble } from "../../shared/ui/form.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { draftOf, keepDraft } from "../composer/drafts.ts";
import { Cancel } from "../settings/section.tsx";
import { appealDeadline } from "./action-state.ts";

/** The maximum length of an appeal, in UTF-16 units. */
const APPEAL_UNITS = 2_000;

const states = { open: "appealOpen", upheld: "appealUpheld", reversed: "appealReversed" } as const satisfies Record<
  AppealDto["state"],
  string
>;

/** Shows an appeal, its state, and the answer. The text is unknown until the appeals are loaded. */
const Appealed = ({ state, appeal }: { state: AppealDto["state"]; appeal: AppealDto | null }) => (
  <div class="appeal">
    <p class="appeal-state" role="status">
      <Icon icon={Scale} size={16} /> {tm(states[state])}
    </p>
    {appeal?.answer && (
      <>
        <h3 class="record-label">{tm("appealAnswer")}</h3>
        <blockquote class="record-quote" dir="auto">
          {appeal.answer}
        </blockquote>
      </>
    )}
    {appeal && (
      <details class="more">
        <summary>{tm("appealText")}</summary>
        <blockquote class="record-quote" dir="auto">
          {appeal.text}
        </blockquote>
      </details>
    )}
  </div>
);

/** Returns how many characters are left or too many; every text shows it, since the limit is known from the start. */
const lengthText = (text: string): string => {
  const left = APPEAL_UNITS - text.trim().length;
  return countedModeration(left < 0 ? "appealOver" : "appealLeft", Math.abs(left), { count: number(Math.abs(left)) });
};

const errorText = ({ code }: ApiError): string => (code === "network" ? tm("appealKept") : explain(code));

type AppealFormProps = {
  action: ActionDto;
  onSent: (appeal: AppealDto) => void;
  onOutdated: () => void;
  onClose: () => void;
};

/** Manages the text of an appeal, which is kept as a draft until it is sent. */
function useAppeal({ action, onSent, onOutdated }: Omit<AppealFormProps, "onClose">) {
  const key = `appeal-${action.id}`;
  const [text, setText] = useState(() => draftOf(key));
  const [isMissing, setMissing] = useState(false);
  const sending = useAction(async () => {
    const body = { actionId: action.id, text: text.trim() };
    const appeal = await ask("createAppeal", "/api/moderation/appeals", { method: "POST", bearer: true, body });
    keepDraft(key, "");
    onSent(appeal);
  });
  const isOutdated = sending.refusal?.code === "appeal_exists" || sending.refusal?.code === "appeal_closed";
  useEffect(() => {
    if (isOutdated) onOutdated();
  }, [isOutdated]);
  const write = (next: string) => {
    setText(next);
    keepDraft(key, next);
    setMissing(false);
    sending.clear();
  };
  const submit = () => {
    const isEmpty = text.trim() === "";
    setMissing(isEmpty);
    if (!isEmpty && text.trim().length <= APPEAL_UNITS) void sending.act();
    return isEmpty;
  };
  return { text, isMissing, isTooLong: text.trim().length > APPEAL_UNITS, sending, write, submit };
}

function AppealForm({ onClose, ...props }: AppealFormProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const { text, isMissing, isTooLong, sending, write, submit } = useAppeal(props);
  const id = `appeal-text-${props.action.id}`;
  useEffect(() => field.current?.focus(), []);
  return (
    <Form onSubmit={() => submit() && field.current?.focus()}>
      <div class="form-field">
        <label class="form-label" for={id}>
          {tm("appealText")}
        </label>
        <textarea
          ref={field}
          id={id}
          class="field field-tall"
          rows={5}
          dir="auto"
          required
          value={text}
          aria-describedby={`${id}-hint ${id}-error`}
          aria-invalid={isMissing || isTooLong}
          onInput={({ currentTarget }) => write(currentTarget.value)}
        />
        <p class="form-hint" id={`${id}-hint`}>
          {tm("appealIntro")} <span class={isTooLong ? "appeal-over" : ""}>{lengthText(text)}</span>
        </p>
        <div id={`${id}-error`} role="alert">
          {isMissing && <p class="form-error">{tm("appealMissing")}</p>}
        </div>
      </div>
      <Trouble refusal={sending.refusal} {...(sending.refusal && { text: errorText(sending.refusal) })} />
      <div class="report-ways">
        <Submit isBusy={sending.isBusy} isDisabled={isTooLong}>
          {tm("appealSend")}
        </Submit>
        <Cancel onCancel={onClose} />
      </div>
    </Form>
  );
}

type AppealPartProps = {
  action: ActionDto;
  appeal: AppealDto | null;
  onAppealed: (appeal: AppealDto) => void;
  onOutdated: () => void;
};

/** Shows the appeal against an action, or offers to appeal while that is possible. */
export function AppealPart({ action, appeal, onAppealed, onOutdated }: AppealPartProps) {
  const [isWriting, setWriting] = useState(() => draftOf(`appeal-${action.id}`) !== "");
  const [isSent, setSent] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const sent = useRef<HTMLParagraphElement>(null);
  const wasWriting = useRef(false);
  useEffect(() => {
    if (isSent) sent.current?.focus();
    else if (wasWriting.current && !isWriting) button.current?.focus();
    wasWriting.current = isWriting;
  }, [isWriting, isSent]);
  const state = appeal?.state ?? action.appeal?.state;
  if (state !== undefined)
    return (
      <>
        {isSent && (
          <p ref={sent} class="form-done" tabIndex={-1}>
            {tm("appealSent")}
          </p>
        )}
        <Appealed state={state} appeal={appeal} />
      </>
    );
  if (action.revertedAt !== null) return null;
  const deadline = appealDeadline(action);
  if (deadline.getTime() <= now.value) return <p class="record-note">{tm("appealClosed")}</p>;
  if (isWriting)
    return (
      <AppealForm
        action={action}
        onOutdated={onOutdated}
        onClose={() => setWriting(false)}
        onSent={(next) => {
          setSent(true);
          onAppealed(next);
        }}
      />
    );
  return (
    <div class="appeal-offer">
      <button ref={button} type="button" class="button button-main" onClick={() => setWriting(true)}>
        <Icon icon={Scale} size={16} /> {tm("appealTitle")}
      </button>
      <small>{tm("appealUntil", { date: dateOf(deadline) })}</small>
    </div>
  );
}
