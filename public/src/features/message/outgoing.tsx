import { Clock, Copy, RotateCw, TriangleAlert, X } from "lucide";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { explain, number, t } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { connectionState } from "../../shared/connection/connection.ts";
import { now } from "../../shared/state/clock.ts";
import { MessageText } from "../../shared/text/message-text.tsx";
import { plainOf } from "../../shared/text/plain-text.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { quoteOf } from "../composer/composer-state.ts";
import { cancel, retry } from "../composer/outbox.ts";
import type { PendingMessage } from "../composer/outbox-store.ts";
import { RoomRestriction } from "../sanctions/restriction-notice.ts";
import { useConversationParts } from "./context.ts";
import { Head } from "./head.tsx";
import { copy } from "./overlay/actions.ts";
import { Quote } from "./quote.tsx";

function stateWords(outgoing: PendingMessage): string {
  if (outgoing.state === "sending" && connectionState.value === "online") return t("sending");
  if (outgoing.state === "waiting")
    return t("waiting", { seconds: number(Math.max(1, Math.ceil(((outgoing.retryAt ?? 0) - now.value) / 1_000))) });
  return t("queued");
}

/** Returns why a message was rejected. For guests, `account_required` is always caused by a link; a ban from the site replaces the page. */
function reasonOf({ failure = "network" }: PendingMessage): string {
  if (failure === "banned") return t("deniedTitle");
  return failure === "account_required" ? tt("noLinks") : explain(failure);
}

function Failed({ outgoing }: { outgoing: PendingMessage }) {
  const { clientMessageId, text } = outgoing;
  return (
    <span class="message-failed" role="alert">
      <Icon icon={TriangleAlert} size={14} />
      <span>
        {t("notSent")} {outgoing.restriction ? <RoomRestriction of="message" mute={outgoing.restriction} /> : reasonOf(outgoing)}
      </span>
      {outgoing.failure === "account_required" ? (
        <a class="text-button" href="/signup">
          {t("createAccount")}
        </a>
      ) : (
        <button type="button" class="text-button" onClick={() => retry(clientMessageId)}>
          <Icon icon={RotateCw} size={13} /> {t("retry")}
        </button>
      )}
      <button type="button" class="text-button" onClick={() => void copy(plainOf(text), t("copied"))}>
        <Icon icon={Copy} size={13} /> {t("copy")}
      </button>
      <button type="button" class="text-button" onClick={() => cancel(clientMessageId)}>
        <Icon icon={X} size={13} /> {t("dontSend")}
      </button>
    </span>
  );
}

type OutgoingProps = { outgoing: PendingMessage; who: AuthorDto; isHead: boolean };

/** Renders the user's own message in the outbox: dimmed until acknowledged; waiting ones can be canceled, failed ones show why. */
export function OutgoingRow({ outgoing, who, isHead }: OutgoingProps) {
  const { state, clientMessageId, extras } = outgoing;
  const { room } = useConversationParts();
  const replied = room.log.value.items.find((one) => one.id === extras?.replyToId);
  const replyTo = replied && isLive(replied) ? quoteOf(replied) : null;
  return (
    <li
      class={`message message-${state === "failed" ? "refused" : "pending"} ${isHead ? "message-first" : ""}`}
      data-row={`${who.id}:${clientMessageId}`}
      data-state={state}
      tabIndex={-1}
    >
      {replyTo && <Quote replyTo={replyTo} />}
      <Head who={who} isHead={isHead} />
      <MessageText text={outgoing.text} language={null} />
      <div class="message-more">
        {state === "failed" ? (
          <Failed outgoing={outgoing} />
        ) : (
          <span class="message-way">
            <Icon icon={Clock} size={12} />
            <span>{stateWords(outgoing)}</span>
            {state !== "sending" && (
              <button type="button" class="text-button" onClick={() => cancel(clientMessageId)}>
                {t("dontSend")}
              </button>
            )}
          </span>
        )}
      </div>
    </li>
  );
}
