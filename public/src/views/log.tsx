import { ArrowDown, MessagesSquare } from "lucide";
import { useEffect, useLayoutEffect, useRef } from "preact/hooks";
import { counted, dayOf, exactTime, t } from "../locales/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Skeleton } from "../parts/skeleton.tsx";
import { lounges } from "../state/lounges.ts";
import type { LogView } from "../state/log-view.ts";
import { outbox } from "../state/outbox.ts";
import type { OpenRoom } from "../state/room.ts";
import { continues, type Row } from "../state/rows.ts";
import { myself } from "../state/session.ts";
import { anchorOf, type Anchor, restore } from "./anchor.ts";
import { MessageRow, OutgoingRow } from "./message-row.tsx";
import { walk } from "./walk.ts";

const NEAR = 600;

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
  if (row.kind === "unread") return <li class="log-line log-line-unread" data-row={row.key}><span>{t("newSince")}</span></li>;
  if (row.kind === "deleted") return <li class="message message-gone" data-row={row.key} data-seq={row.seq} tabIndex={-1}><p>{t("deleted")}</p></li>;
  return <MessageRow rowKey={row.key} message={row.message} isHead={row.isHead} language={language} />;
};

/** What stands above the first row: the beginning of the room, or the way to earlier messages. */
function Beginning({ room, name }: { room: OpenRoom; name: string }) {
  if (room.log.value.floor > 0) {
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
  const isEmpty = room.log.value.items.length === 0;
  return (
    <div class={isEmpty ? "log-begin log-begin-empty" : "log-begin"}>
      <span class="notice-sign">
        <Icon icon={MessagesSquare} size={26} />
      </span>
      <h2>{t("begin", { room: name })}</h2>
      {isEmpty && <p>{t("beginHint")}</p>}
    </div>
  );
}

function Outgoings({ room, rows }: { room: OpenRoom; rows: readonly Row[] }) {
  const me = myself.value;
  if (!me) return null;
  const last = rows.at(-1);
  let above = last?.kind === "message" ? { authorId: last.message.author.id, at: Date.parse(last.message.createdAt) } : null;
  return outbox.value
    .filter((one) => one.roomId === room.roomId && one.userId === me.id)
    .map((one) => {
      const isHead = !continues(above, me.id, one.createdAt);
      above = { authorId: me.id, at: one.createdAt };
      return <OutgoingRow key={`${me.id}:${one.clientMessageId}`} outgoing={one} who={me} isHead={isHead} />;
    });
}

/** The room's messages: a bounded part of them in the DOM, the place kept to the pixel whatever comes above or below. */
export function Log({ room, view, name }: { room: OpenRoom; view: LogView; name: string }) {
  const scroller = useRef<HTMLDivElement>(null);
  const anchor = useRef<Anchor | null>(null);
  const rows = view.rows.value;
  const isFollowing = view.isFollowing.value;
  const ownWaiting = outbox.value.length;
  const language = room.room.value?.languageCode ?? lounges.value?.flatMap((one) => one.rooms).find((one) => one.id === room.roomId)?.languageCode ?? null;
  anchor.current = scroller.current && !isFollowing ? anchorOf(scroller.current) : null;

  const toEnd = () => {
    if (scroller.current && view.isFollowing.peek()) scroller.current.scrollTop = scroller.current.scrollHeight;
  };
  const look = () => {
    const element = scroller.current;
    if (!element || room.phase.peek() !== "in") return;
    const ahead = element.scrollHeight - element.scrollTop - element.clientHeight;
    view.follow(ahead < 32 && !view.hasLater.peek());
    if (element.scrollTop < NEAR && room.older.peek() !== "failed") view.earlier();
    else if (ahead < NEAR) view.later();
  };

  useLayoutEffect(() => {
    if (anchor.current && scroller.current) restore(scroller.current, anchor.current);
    toEnd();
  }, [rows, isFollowing, ownWaiting, room.older.value]);

  useEffect(() => {
    view.note();
    const element = scroller.current;
    if (element && room.phase.value === "in" && element.scrollHeight <= element.clientHeight + NEAR && room.log.value.floor > 0) view.earlier();
  }, [rows, isFollowing]);

  useEffect(() => {
    const resized = new ResizeObserver(toEnd);
    if (scroller.current) resized.observe(scroller.current);
    const seen = () => view.note();
    document.addEventListener("visibilitychange", seen);
    return () => {
      resized.disconnect();
      document.removeEventListener("visibilitychange", seen);
    };
  }, []);

  // Earlier messages arrived while one looks at the top: show them, there is nothing left to scroll.
  useEffect(() => {
    if ((scroller.current?.scrollTop ?? NEAR) < NEAR && !isFollowing) view.earlier();
  }, [room.log.value.floor]);

  const isIn = room.phase.value === "in" || room.log.value.epoch !== null;
  return (
    <div class="log-frame">
      <div class="log" ref={scroller} role="log" aria-live="off" aria-label={t("log", { room: name })} tabIndex={0} onScroll={look} onKeyDown={walk}>
        {isIn ? <Beginning room={room} name={name} /> : <Skeleton lines={9} />}
        <ol class="log-list">
          {rows.map((row) => (
            <RowOf key={row.key} row={row} language={language} />
          ))}
          {view.hasLater.value ? null : <Outgoings room={room} rows={rows} />}
        </ol>
      </div>
      {!isFollowing && (
        <button type="button" class="log-jump" onClick={() => { view.newest(); scroller.current?.focus(); }}>
          <Icon icon={ArrowDown} size={16} />
          <span>{view.below.value > 0 ? `${counted("newBelow", view.below.value)} · ${t("jump")}` : t("jump")}</span>
        </button>
      )}
    </div>
  );
}
