import { Clock, Copy, RotateCw, TriangleAlert, X } from "lucide";
import type { LiveMessageDto } from "../../../utils/contract/messages.ts";
import type { AuthorDto } from "../../../utils/contract/users.ts";
import { exactTime, explain, number, t, timeOf } from "../locales/index.ts";
import { explainRestriction } from "../locales/restrictions.ts";
import { Icon } from "../parts/icon.tsx";
import { Avatar, Mark, PersonName } from "../parts/person.tsx";
import { isPictorial, piecesOf } from "../parts/rich-text.ts";
import { now } from "../state/clock.ts";
import { retry, withdraw } from "../state/outbox.ts";
import type { Outgoing } from "../state/outbox-store.ts";

const copyText = (text: string): void => void navigator.clipboard?.writeText(text).catch(() => undefined);

function Text({ text, language, isEdited = false }: { text: string; language: string | null; isEdited?: boolean }) {
  return (
    <p class={isPictorial(text) ? "message-text message-pictorial" : "message-text"} dir="auto" {...(language ? { lang: language } : {})}>
      {piecesOf(text).map((piece, at) =>
        piece.kind === "text" ? (
          piece.text
        ) : (
          <a key={at} href={piece.href} target="_blank" rel="noopener nofollow ugc" dir="ltr">
            {piece.text}
          </a>
        ),
      )}
      {isEdited && <small class="message-edited">{t("edited")}</small>}
    </p>
  );
}

function Head({ who }: { who: AuthorDto }) {
  return (
    <span class="message-head">
      <PersonName who={who} look="message-author" />
      <Mark who={who} />
    </span>
  );
}

const Moment = ({ at }: { at: Date }) => (
  <time class="message-time" dateTime={at.toISOString()} title={exactTime(at)}>
    {timeOf(at)}
  </time>
);

type RowProps = { rowKey: string; message: LiveMessageDto; isHead: boolean; language: string | null };

/** One message of the room. Its author is always there to be heard, and shown where a group begins. */
export function MessageRow({ rowKey, message, isHead, language }: RowProps) {
  const { author, text } = message;
  return (
    <li class={isHead ? "message message-first" : "message"} data-row={rowKey} data-seq={message.seq} tabIndex={-1}>
      {isHead ? <Avatar who={author} /> : null}
      {isHead ? (
        <Head who={author} />
      ) : (
        <span class="sr-only">
          <bdi>{author.displayName}</bdi>
        </span>
      )}
      <Text text={text} language={message.languageCode ?? language} isEdited={message.editedAt !== null} />
      <span class="message-when">
        <Moment at={new Date(message.createdAt)} />
      </span>
      <button type="button" class="icon-button message-action" aria-label={t("copy")} title={t("copy")} onClick={() => copyText(text)}>
        <Icon icon={Copy} size={15} />
      </button>
    </li>
  );
}

function stateWords(outgoing: Outgoing): string {
  if (outgoing.state === "sending") return t("sending");
  if (outgoing.state === "waiting")
    return t("waiting", { seconds: number(Math.max(1, Math.ceil(((outgoing.retryAt ?? 0) - now.value) / 1_000))) });
  return t("queued");
}

function Failed({ outgoing }: { outgoing: Outgoing }) {
  const { clientMessageId, text } = outgoing;
  return (
    <span class="message-failed" role="alert">
      <Icon icon={TriangleAlert} size={14} />
      <span>
        {t("notSent")} {outgoing.restriction ? explainRestriction("muted", outgoing.restriction) : explain(outgoing.failure ?? "network")}
      </span>
      <button type="button" class="text-button" onClick={() => retry(clientMessageId)}>
        <Icon icon={RotateCw} size={13} /> {t("retry")}
      </button>
      <button type="button" class="text-button" onClick={() => copyText(text)}>
        <Icon icon={Copy} size={13} /> {t("copy")}
      </button>
      <button type="button" class="text-button" onClick={() => withdraw(clientMessageId)}>
        <Icon icon={X} size={13} /> {t("withdraw")}
      </button>
    </span>
  );
}

type OutgoingProps = { outgoing: Outgoing; who: AuthorDto; isHead: boolean };

/** One's own message on its way: dim until it arrived; what waits can be taken back, what failed says why. */
export function OutgoingRow({ outgoing, who, isHead }: OutgoingProps) {
  const { state, clientMessageId } = outgoing;
  return (
    <li
      class={`message message-${state === "failed" ? "refused" : "pending"} ${isHead ? "message-first" : ""}`}
      data-row={`${who.id}:${clientMessageId}`}
      data-state={state}
      tabIndex={-1}
    >
      {isHead ? <Avatar who={who} /> : null}
      {isHead ? (
        <Head who={who} />
      ) : (
        <span class="sr-only">
          <bdi>{who.displayName}</bdi>
        </span>
      )}
      <Text text={outgoing.text} language={null} />
      {state === "failed" ? (
        <Failed outgoing={outgoing} />
      ) : (
        <span class="message-when message-way">
          <Icon icon={Clock} size={12} />
          <span>{stateWords(outgoing)}</span>
          {state !== "sending" && (
            <button type="button" class="text-button" onClick={() => withdraw(clientMessageId)}>
              {t("withdraw")}
            </button>
          )}
        </span>
      )}
    </li>
  );
}
