import { ArrowDown, MessagesSquare } from "lucide";
import type { RefObject } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { counted, dayOf, exactTime, t } from "../../locales/index.ts";
import { useKeptFocus } from "../../shared/keyboard/use-kept-focus.ts";
import { useOneStop } from "../../shared/keyboard/use-one-stop.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { outbox } from "../composer/outbox.ts";
import { lounges } from "../lobby/lounges.ts";
import { useConversationParts } from "../message/context.ts";
import { InReviewRow } from "../message/in-review.tsx";
import { OutgoingRow } from "../message/outgoing.tsx";
import { useMessageInteractions } from "../message/overlay/message-interactions.ts";
import { MessageRow } from "../message/row.tsx";
import { TombstoneRow } from "../message/tombstone.tsx";
import { isBlocked } from "../people/blocks.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { roomTexts } from "../room/room-texts.ts";
import { currentUser } from "../session/session.ts";
import { UnreadPill } from "../unread/unread-pill.tsx";
import { BlockedMessage } from "./blocked-message.tsx";
import type { LogView } from "./list-view.ts";
import { continues, type Row } from "./rows.ts";
import { useScroll } from "./use-scroll.ts";

const RowOf = ({ row, language }: { row: Row; language: string | null }) => {
  if (row.kind === "day") {
    return (
      <li class="log-line" data-row={row.key}>
        <time dateTime={row.at.toISOString().slice(0, 10)} title={exactTime(row.at)}>
          {dayOf(row.at)}
        </time>
      </li>
    );
  }
  if (row.kind === "unread")
    return (
      <li class="log-line log-line-unread" data-row={row.key}>
        <span>{t("newSince")}</span>
      </li>
    );
  if (row.kind === "deleted")
    return (
      <TombstoneRow rowKey={row.key} seq={row.seq} who={row.who} isHead={row.isHead}>
        {t("deleted")}
      </TombstoneRow>
    );
  const message = <MessageRow rowKey={row.key} message={row.message} isHead={row.isHead} language={language} />;
  if (!isBlocked(row.message.author.id)) return message;
  return (
    <BlockedMessage rowKey={row.key} seq={row.message.seq}>
      {message}
    </BlockedMessage>
  );
};

/** Renders what is above the first row: the beginning of the room, or the button for earlier messages. */
function Beginning({ room, view, name }: { room: OpenRoom; view: LogView; name: string }) {
  if (view.floor.value > 0) {
    return (
      <div class="log-earlier">
        {room.older.value === "failed" && <span>{t("earlierFailed")}</span>}
        {room.older.value === "loading" ? (
          <Skeleton lines={2} />
        ) : (
          <button type="button" class="text-button" onClick={() => void room.loadOlder()}>
            {room.older.value === "failed" ? t("retry") : t("earlier")}
          </button>
        )}
      </div>
    );
  }
  const words = roomTexts(room.roomId, name);
  const isEmpty = room.log.value.items.length === 0;
  return (
    <div class={isEmpty ? "log-begin log-begin-empty" : "log-begin"}>
      <span class="notice-sign">
        <Icon icon={MessagesSquare} size={26} />
      </span>
      <h2>{words.begin}</h2>
      {isEmpty && <p>{words.beginHint}</p>}
    </div>
  );
}

/** Renders the user's messages that have no sequence number yet: in review or in the outbox. */
function Unplaced({ room, rows }: { room: OpenRoom; rows: readonly Row[] }) {
  const me = currentUser.value;
  if (!me) return null;
  const last = rows.at(-1);
  let above = last?.kind === "message" ? { authorId: last.message.author.id, at: Date.parse(last.message.createdAt) } : null;
  const isHead = (at: number, isReply: boolean): boolean => {
    const starts = isReply || !continues(above, me.id, at);
    above = { authorId: me.id, at };
    return starts;
  };
  const outgoing = outbox.value.filter((one) => one.roomId === room.roomId && one.userId === me.id);
  return (
    <>
      {room.inReview.value.map((one) => (
        <InReviewRow
          key={`${me.id}:${one.clientMessageId}`}
          message={one}
          isHead={isHead(Date.parse(one.createdAt), one.replyTo !== null)}
        />
      ))}
      {outgoing.map((one) => (
        <OutgoingRow
          key={`${me.id}:${one.clientMessageId}`}
          outgoing={one}
          who={me}
          isHead={isHead(one.createdAt, one.extras?.replyToId !== undefined)}
        />
      ))}
    </>
  );
}

const languageOf = (room: OpenRoom): string | null =>
  room.room.value?.languageCode ?? lounges.value?.flatMap((one) => one.rooms).find((one) => one.id === room.roomId)?.languageCode ?? null;

function Jump({ view, onJump }: { view: LogView; onJump: () => void }) {
  const count = view.below.value;
  return (
    <button type="button" class="log-jump" onClick={onJump}>
      <Icon icon={ArrowDown} size={16} />
      <span>{count > 0 ? `${counted("newMessages", count)} · ${t("jump")}` : t("jump")}</span>
    </button>
  );
}

/** Centers the message that was jumped to and focuses it. */
function useFlashed(frame: RefObject<HTMLElement | null>, view: LogView): void {
  const id = view.flashed.value;
  useLayoutEffect(() => {
    const row = id ? frame.current?.querySelector<HTMLElement>(`[data-id="${id}"]`) : null;
    row?.scrollIntoView({ block: "center" });
    row?.focus({ preventScroll: true });
  }, [id]);
}

/** Goes to the newest message. The focus moves once it is rendered: the button that had it is gone by then. */
function useJump(frame: RefObject<HTMLElement | null>, view: LogView): () => void {
  const isJumping = useRef(false);
  useLayoutEffect(() => {
    if (isJumping.current && view.isFollowing.value) frame.current?.focus();
    isJumping.current = false;
  }, [view.isFollowing.value]);
  return () => {
    isJumping.current = true;
    view.newest();
  };
}

/**
 * Renders the message list: a bounded part of the messages in the DOM, with a stable scroll position when rows are added above or below.
 */
export function Log({ name }: { name: string }) {
  const parts = useConversationParts();
  const { room, view } = parts;
  const { frame, look } = useScroll(room, view);
  const hand = useMessageInteractions(parts);
  useFlashed(frame, view);
  useKeptFocus(frame);
  useOneStop(frame);
  const rows = view.rows.value;
  const language = languageOf(room);
  const isKnown = room.phase.value === "in" || room.log.value.epoch !== null;
  const jump = useJump(frame, view);
  return (
    <div class="log-frame">
      <div
        class="log"
        ref={frame}
        role="log"
        aria-live="off"
        aria-label={roomTexts(room.roomId, name).log}
        tabIndex={0}
        onScroll={look}
        {...hand}
      >
        {isKnown ? <Beginning room={room} view={view} name={name} /> : <Skeleton lines={9} />}
        <ol class="log-list">
          {rows.map((row) => (
            <RowOf key={row.key} row={row} language={language} />
          ))}
          {view.hasLater.value ? null : <Unplaced room={room} rows={rows} />}
        </ol>
      </div>
      <UnreadPill view={view} />
      {view.isFollowing.value ? null : <Jump view={view} onJump={jump} />}
    </div>
  );
}
