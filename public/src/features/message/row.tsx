import { useComputed } from "@preact/signals";
import { Clock, Copy, Pin, RotateCw, TriangleAlert, Undo2, X } from "lucide";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { explain, t } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { MessageText } from "../../shared/text/message-text.tsx";
import { plainOf } from "../../shared/text/plain-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { writing } from "../composer/composer-state.ts";
import { currentUser } from "../session/session.ts";
import { useConversationParts } from "./context.ts";
import { Head, MessageTime } from "./head.tsx";
import { copy, permissionsHere } from "./overlay/actions.ts";
import { Toolbar } from "./overlay/toolbar.tsx";
import { dropEdit, edit, type Pending, pending, remove, undoRemoval } from "./pending-changes.ts";
import { Quote } from "./quote.tsx";
import { Reactions } from "./reactions.tsx";
import { TombstoneRow } from "./tombstone.tsx";

type RowProps = { rowKey: string; message: LiveMessageDto; isHead: boolean; language: string | null };

/** Renders a message that was just deleted here, with an undo button for 10 seconds. */
const RemovedRow = ({ rowKey, message, isHead, removal }: RowProps & { removal: NonNullable<Pending["removal"]> }) => (
  <TombstoneRow rowKey={rowKey} seq={message.seq} id={message.id} who={message.author} isHead={isHead}>
    {removal.state === "undoable" ? tt("removed") : t("deleted")}
    {removal.state === "undoable" && (
      <button type="button" class="text-button" data-takes-focus onClick={() => undoRemoval(message.id)}>
        <Icon icon={Undo2} size={14} /> {tt("undo")}
      </button>
    )}
  </TombstoneRow>
);

/** Shows why a change did not reach the server and what can be done. */
function Trouble({ message, change }: { message: LiveMessageDto; change: Pending }) {
  const { room } = useConversationParts();
  const { edit: kept, removal } = change;
  if (removal?.state === "failed")
    return (
      <span class="message-failed" role="alert">
        <Icon icon={TriangleAlert} size={14} />
        <span>
          {tt("notRemoved")} {explain(removal.failure ?? "network")}
        </span>
        <button type="button" class="text-button" onClick={() => remove(room, message.id)}>
          <Icon icon={RotateCw} size={13} /> {t("retry")}
        </button>
        <button type="button" class="text-button" onClick={() => undoRemoval(message.id)}>
          <Icon icon={X} size={13} /> {t("close")}
        </button>
      </span>
    );
  if (!kept) return null;
  if (kept.state === "sending")
    return (
      <span class="message-way">
        <Icon icon={Clock} size={12} />
        <span>{tt("saving")}</span>
      </span>
    );
  return (
    <span class="message-failed" role="alert">
      <Icon icon={TriangleAlert} size={14} />
      <span>
        {tt("notSaved")} {kept.failure === "account_required" ? tt("noLinks") : explain(kept.failure ?? "network")}
      </span>
      <button type="button" class="text-button" onClick={() => edit(room, message, kept.text)}>
        <Icon icon={RotateCw} size={13} /> {t("retry")}
      </button>
      <button type="button" class="text-button" onClick={() => void copy(plainOf(kept.text), t("copied"))}>
        <Icon icon={Copy} size={13} /> {t("copy")}
      </button>
      <button type="button" class="text-button" onClick={() => dropEdit(message.id)}>
        <Icon icon={X} size={13} /> {tt("discardChanges")}
      </button>
    </span>
  );
}

/** Renders the marks after the text: edited, with the previous versions for users who may see them; and pinned. */
function Marks({ message }: { message: LiveMessageDto }) {
  const parts = useConversationParts();
  const isHistoryOpen = permissionsHere(parts, message).canSeeHistory;
  return (
    <>
      {message.editedAt !== null &&
        (isHistoryOpen ? (
          <button
            type="button"
            class="message-edited message-edited-open"
            title={tt("history")}
            onClick={({ currentTarget }) => {
              parts.over.value = { kind: "history", message, beside: null, row: currentTarget.closest<HTMLElement>(".message") };
            }}
          >
            {t("edited")}
          </button>
        ) : (
          <small class="message-edited">{t("edited")}</small>
        ))}
      {message.pinnedAt !== null && (
        <small class="message-edited message-pinned">
          <Icon icon={Pin} size={11} />
          {tt("pinned")}
        </small>
      )}
    </>
  );
}

/** Renders one message of the room, with pending changes applied. */
export function MessageRow(props: RowProps) {
  const { rowKey, message, isHead, language } = props;
  const { id } = message;
  const parts = useConversationParts();
  const change = useComputed(() => pending.value.get(id)).value;
  const isAtHand = useComputed(() => parts.hovered.value === id || parts.focused.value === id || parts.over.value?.message.id === id).value;
  const isFlashed = useComputed(() => parts.view.flashed.value === id).value;
  const isAtWork = useComputed(() => {
    const at = writing.value.get(parts.room.roomId);
    return at?.kind === "edit" ? at.message.id === id : at?.to.id === id;
  }).value;
  if (change?.removal && change.removal.state !== "failed") return <RemovedRow {...props} removal={change.removal} />;

  const isForMe = message.mentions.includes(currentUser.value?.id ?? "");
  const looks = [
    ...["message", isHead && "message-first", isForMe && "message-for-me", isFlashed && "message-flashed", isAtWork && "message-at-work"],
    change?.edit?.state === "sending" && "message-saving",
  ];
  return (
    <li class={looks.filter(Boolean).join(" ")} data-row={rowKey} data-seq={message.seq} data-id={id} tabIndex={-1}>
      {message.replyTo && <Quote replyTo={message.replyTo} />}
      <Head who={message.author} isHead={isHead} />
      {isForMe && <span class="sr-only">{tt("mentionsYou")}</span>}
      <MessageText
        text={change?.edit?.text ?? message.text}
        language={message.languageCode ?? language}
        mentions={message.mentions}
        isFoldable
      >
        <Marks message={message} />
      </MessageText>
      <span class="message-when">
        <MessageTime at={new Date(message.createdAt)} />
      </span>
      {(change || message.reactions.length > 0) && (
        <div class="message-more">
          {change && <Trouble message={message} change={change} />}
          <Reactions message={message} mine={change?.reactions} />
        </div>
      )}
      {isAtHand && <Toolbar message={message} />}
    </li>
  );
}
