import { Check, SendHorizontal } from "lucide";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { t } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { send } from "../../shared/connection/connection.ts";
import { useFocusAfter } from "../../shared/keyboard/use-page-focus.ts";
import { now } from "../../shared/state/clock.ts";
import { isTouch, settings } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { type ConversationParts, useConversationParts } from "../message/context.ts";
import { permissionsHere, startEdit } from "../message/overlay/actions.ts";
import { edit } from "../message/pending-changes.ts";
import { roomTexts } from "../room/room-texts.ts";
import { wasReachedByNextUnread } from "../unread/next-unread.ts";
import { COMPLETION, CompletionList, optionId } from "./completion-list.tsx";
import { Foot, isLinkOfGuest, Purpose, slowUntil, Why } from "./composer-hints.tsx";
import { startWriting, toField, toWire, writing } from "./composer-state.ts";
import { clearMentions, draftOf, keepDraft, namedIn } from "./drafts.ts";
import { lengthLeft } from "./message-length.ts";
import { post } from "./outbox.ts";
import { sends } from "./send-key.ts";
import { useCompletion } from "./use-completion.ts";

const TYPING_EVERY_MS = 3_000;

/** Sends typing notifications, at most every 3 s. */
function useTyping(roomId: string): (isWriting: boolean) => void {
  const saidAt = useRef(0);
  return (isWriting) => {
    const isDue = Date.now() - saidAt.current > TYPING_EVERY_MS;
    if (isWriting && !isDue) return;
    if (!isWriting && saidAt.current === 0) return;
    saidAt.current = isWriting ? Date.now() : 0;
    void send(isWriting ? "typing_start" : "typing_stop", { roomId }).catch(() => undefined);
  };
}

/** Returns the text in the field: the room's draft, or the text of the message that is being edited. */
function useText(roomId: string) {
  const at = writing.value.get(roomId) ?? null;
  const edited = at?.kind === "edit" ? at : null;
  const [text, setText] = useState(() => draftOf(roomId));
  const known = useRef<LiveMessageDto | null>(null);
  useLayoutEffect(() => {
    if (known.current === (edited?.message ?? null)) return;
    known.current = edited?.message ?? null;
    setText(edited ? toField(roomId, edited.text) : draftOf(roomId));
  }, [edited]);
  const write = (next: string) => {
    setText(next);
    if (!edited) keepDraft(roomId, next);
  };
  return { at, text, write };
}

function editLast(parts: ConversationParts): boolean {
  const mine = parts.room.log.peek().items.findLast((one) => isLive(one) && permissionsHere(parts, one).canEdit);
  if (mine && isLive(mine)) startEdit(parts, mine);
  return mine !== undefined;
}

/** Renders the message field: grows to eight lines, keeps a draft per room. */
export function Composer({ name, onSent }: { name: string; onSent: () => void }) {
  const parts = useConversationParts();
  const { room } = parts;
  const { roomId } = room;
  const field = useRef<HTMLTextAreaElement>(null);
  const caret = useRef<number | null>(null);
  const { at, text, write } = useText(roomId);
  const typing = useTyping(roomId);
  const words = roomTexts(roomId, name);
  const completion = useCompletion(room, (next, place) => {
    caret.current = place;
    write(next);
  });
  const wire = toWire(text.trim(), namedIn(roomId));
  const length = lengthLeft(wire);
  const needsAccount = isLinkOfGuest(text);
  const isSilenced = room.standing.value?.canSend === false;
  const isSlow = at?.kind !== "edit" && slowUntil(room) > 0 && slowUntil(room) > now.value;
  const canSend = text.trim() !== "" && (length?.left ?? 0) >= 0 && !needsAccount && !isSilenced && !isSlow;

  useEffect(() => {
    if (!isTouch.value && !wasReachedByNextUnread()) field.current?.focus();
  }, []);

  // A user blocked by the other member, or without the right to send, is still on the page.
  useFocusAfter(field);

  useLayoutEffect(() => {
    const element = field.current;
    if (!element) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight + 2}px`;
    if (caret.current !== null) element.setSelectionRange(caret.current, caret.current);
    caret.current = null;
  }, [text]);

  const leave = () => {
    startWriting(roomId, null);
    field.current?.focus();
  };
  const submit = () => {
    if (!canSend) return;
    if (at?.kind === "edit") {
      edit(room, at.message, wire);
      return leave();
    }
    post(roomId, wire, at ? { replyToId: at.to.id } : undefined);
    write("");
    clearMentions(roomId);
    completion.close();
    typing(false);
    if (at) startWriting(roomId, null);
    onSent();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (completion.onKey(event)) return;
    const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey && !event.isComposing;
    if (event.key === "Escape" && at) {
      event.stopPropagation();
      leave();
    } else if (event.key === "ArrowUp" && isPlain && text === "" && !at) {
      if (editLast(parts)) event.preventDefault();
    } else if (sends(event, settings.value.enterSends && !isTouch.value)) {
      event.preventDefault();
      submit();
    }
  };
  const marked = completion.kind ? completion.list[completion.at] : undefined;

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Why room={room} />
      <CompletionList completion={completion} />
      <div class="composer-box">
        <Purpose writing={at} onLeave={leave} />
        <textarea
          ref={field}
          class="composer-field"
          rows={1}
          {...(text === "" ? {} : { dir: "auto" as const })}
          value={text}
          disabled={isSilenced}
          aria-label={words.composer}
          aria-describedby="composer-foot"
          placeholder={words.hint}
          enterkeyhint={settings.value.enterSends && !isTouch.value ? "send" : "enter"}
          autocomplete="off"
          aria-autocomplete="list"
          aria-haspopup="listbox"
          {...(marked ? { "aria-controls": COMPLETION, "aria-activedescendant": optionId(marked) } : {})}
          onInput={({ currentTarget }) => {
            write(currentTarget.value);
            if (at?.kind !== "edit") typing(currentTarget.value.trim() !== "");
            completion.look(currentTarget);
          }}
          onBlur={completion.close}
          onKeyDown={onKeyDown}
        />
        <button
          type="submit"
          class="composer-send"
          aria-label={at?.kind === "edit" ? tt("save") : t("send")}
          title={at?.kind === "edit" ? tt("save") : t("send")}
          disabled={!canSend}
        >
          <Icon icon={at?.kind === "edit" ? Check : SendHorizontal} size={20} />
        </button>
      </div>
      <Foot length={length} needsAccount={needsAccount} />
    </form>
  );
}
