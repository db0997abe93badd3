import { Check, X } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { mayModerate } from "../../../../../utils/contract/ranks.ts";
import type { HeldMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import type { AccountKey } from "../../../locales/account/en.ts";
import { ta } from "../../../locales/account/index.ts";
import { exactTime, formatTime, isolated, t } from "../../../locales/index.ts";
import { MessageText } from "../../../shared/text/message-text.tsx";
import { Trouble } from "../../../shared/ui/form.tsx";
import { Icon } from "../../../shared/ui/icon.tsx";
import { Skeleton } from "../../../shared/ui/skeleton.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { Avatar, Mark, PersonName } from "../../people/person.tsx";
import { currentUser } from "../../session/session.ts";
import { listReviewQueue, type Outcome, resolveReview } from "./review-queue.ts";

const outcomeTexts: Record<Outcome | "late", AccountKey> = { approve: "reviewApproved", refuse: "reviewRejected", late: "reviewConflict" };

/** Manages the list while it changes: when an entry is removed, the focus moves to the one in its place. */
function useHeld() {
  const [held, setHeld] = useState<readonly HeldMessageDto[] | null>(null);
  const [said, setSaid] = useState<{ text: string; count: number } | null>(null);
  const gone = useRef(new Set<string>());
  const list = useRef<HTMLUListElement>(null);
  const empty = useRef<HTMLParagraphElement>(null);
  const focusAt = useRef<number | null>(null);
  const show = (all: readonly HeldMessageDto[]) => setHeld(all.filter(({ id }) => !gone.current.has(id)));
  const load = useAction(async () => show(await listReviewQueue()));
  useEffect(() => void load.act(), []);
  useLayoutEffect(() => {
    if (focusAt.current === null) return;
    const entries = [...(list.current?.children ?? [])];
    const next = entries[Math.min(focusAt.current, entries.length - 1)] ?? empty.current;
    if (next instanceof HTMLElement) next.focus();
    focusAt.current = null;
  }, [held]);

  const leave = async ({ id, author }: HeldMessageDto, what: Outcome | "late"): Promise<void> => {
    gone.current.add(id);
    const fresh = what === "late" ? await listReviewQueue().catch(() => null) : null;
    const entry = document.getElementById(`held-${id}`);
    // Users who moved the focus elsewhere meanwhile keep it there.
    const isHere = document.activeElement === document.body || entry?.contains(document.activeElement);
    if (entry && isHere) focusAt.current = [...(list.current?.children ?? [])].indexOf(entry);
    setHeld((before) => (fresh ?? before ?? []).filter((one) => !gone.current.has(one.id)));
    setSaid((before) => ({ text: ta(outcomeTexts[what], { name: isolated(author.displayName) }), count: (before?.count ?? 0) + 1 }));
  };
  const retry = () => {
    focusAt.current = 0;
    void load.act();
  };
  return { held, said, load, retry, leave, list, empty };
}

type HeldProps = { message: HeldMessageDto; onLeave: (message: HeldMessageDto, what: Outcome | "late") => Promise<void> };

/** The possible decisions on a message. */
const ways = [
  { outcome: "approve", icon: Check, text: "reviewApprove", named: "reviewApproveNamed" },
  { outcome: "refuse", icon: X, text: "reviewReject", named: "reviewRejectNamed" },
] as const;

function Ways({ message, onLeave }: HeldProps) {
  const name = message.author.displayName;
  const decide = useAction(async (outcome: Outcome) => onLeave(message, await resolveReview(message.id, outcome)));
  const isImpossible = decide.refusal?.code === "cannot_message";
  return (
    <>
      <div class="form-actions">
        {ways.map(({ outcome, icon, text, named }) => (
          <button
            key={outcome}
            type="button"
            class="button button-quiet"
            aria-label={ta(named, { name })}
            aria-disabled={decide.isBusy}
            onClick={() => void decide.act(outcome)}
          >
            <Icon icon={icon} size={17} /> {ta(text)}
          </button>
        ))}
      </div>
      <Trouble refusal={decide.refusal} text={isImpossible ? ta("reviewImpossible", { name: isolated(name) }) : undefined} />
    </>
  );
}

function Held({ message, onLeave }: HeldProps) {
  const { id, author, createdAt } = message;
  return (
    <li id={`held-${id}`} class="entry entry-tall" tabIndex={-1} aria-labelledby={`held-${id}-author`}>
      <Avatar who={author} />
      <div class="entry-words">
        <p class="entry-title" id={`held-${id}-author`}>
          <PersonName who={author} look="person-name" />
          <Mark who={author} />
        </p>
        <p class="entry-details">
          <time dateTime={createdAt} title={exactTime(new Date(createdAt))}>
            {formatTime(new Date(createdAt))}
          </time>
        </p>
        <MessageText text={message.text} language={message.languageCode} mentions={message.mentions} />
        <p class="entry-details">{ta("reviewWhy")}</p>
        {currentUser.value && mayModerate(currentUser.value, author) ? (
          <Ways message={message} onLeave={onLeave} />
        ) : (
          <p class="entry-details">{ta("reviewNotYours")}</p>
        )}
      </div>
    </li>
  );
}

/** Lists the messages that await review, oldest first, each to be approved or rejected. */
export function Review() {
  const { held, said, load, retry, leave, list, empty } = useHeld();
  if (held === null && load.refusal)
    return (
      <>
        <Trouble refusal={load.refusal} />
        <button type="button" class="button button-quiet" aria-disabled={load.isBusy} onClick={retry}>
          {t("retry")}
        </button>
      </>
    );
  if (held === null) return <Skeleton lines={4} />;
  return (
    <>
      {held.length > 0 && <p class="settings-section-text">{ta("reviewIntro")}</p>}
      <div role="status">
        {said && (
          <p class="form-done" key={said.count}>
            {said.text}
          </p>
        )}
      </div>
      {held.length === 0 && (
        <p ref={empty} tabIndex={-1}>
          {ta("reviewNone")}
        </p>
      )}
      {held.length > 0 && (
        <ul class="entries" ref={list}>
          {held.map((message) => (
            <Held key={message.id} message={message} onLeave={leave} />
          ))}
        </ul>
      )}
    </>
  );
}
