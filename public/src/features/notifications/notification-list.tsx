import "../../styles/features/inbox.css";
import "../../styles/features/notifications.css";
import { BellRing, CheckCheck, Moon, ServerOff, Settings } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { ApiError } from "../../api.ts";
import { ti } from "../../locales/inbox/index.ts";
import { explain, isolated, t } from "../../locales/index.ts";
import { countedNotify, tn } from "../../locales/notifications/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { isWide } from "../../shared/state/settings.ts";
import { roomNameOf } from "../../shared/text/room-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Notice } from "../../shared/ui/notice.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { addressOf } from "../room/current-room.ts";
import { NotificationEntry } from "./notification-entry.tsx";
import { groupsOf, type NotificationGroup, notifications, unreadNotifications } from "./notifications.ts";
import { loadNotifications, readAllNotifications, readNotifications } from "./notifications-sync.ts";
import { PauseChoices, QuietState } from "./pause-choices.tsx";

type Filter = "all" | "unread";
const filters: readonly Filter[] = ["all", "unread"];

function FilterChoice({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  return (
    <fieldset class="notification-filter">
      <legend class="sr-only">{tn("show")}</legend>
      {filters.map((one) => (
        <button key={one} type="button" aria-pressed={one === filter} onClick={() => onChange(one)}>
          {tn(one)}
        </button>
      ))}
    </fieldset>
  );
}

/** Renders the filter, do not disturb, and the link to the settings. */
function Tools({ filter, onChange }: { filter: Filter; onChange: (filter: Filter) => void }) {
  const [isPausing, setPausing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const close = () => {
    setPausing(false);
    button.current?.focus();
  };
  return (
    <div class="notification-tools">
      <FilterChoice filter={filter} onChange={onChange} />
      <button
        ref={button}
        type="button"
        class="icon-button"
        aria-label={tn("doNotDisturb")}
        title={tn("doNotDisturb")}
        aria-expanded={isPausing}
        onClick={() => setPausing(!isPausing)}
      >
        <Icon icon={Moon} size={18} />
      </button>
      <a
        class="icon-button"
        href="/settings/notifications"
        aria-label={tn("settings")}
        title={tn("settings")}
        onClick={() => {
          if (!isWide.value) sidePanel.value = null;
        }}
      >
        <Icon icon={Settings} size={18} />
      </a>
      <QuietState />
      {isPausing && <PauseChoices onDone={close} />}
    </div>
  );
}

type GroupProps = { group: NotificationGroup; onTouch: (noteId: string) => void };

/** Renders the notifications of one room or conversation, or of the moderation, under its name. */
function Group({ group: { roomId, notes, unread }, onTouch }: GroupProps) {
  const heading = useRef<HTMLAnchorElement>(null);
  const name = roomId === null ? tn("moderators") : roomNameOf(roomId);
  const readGroup = () => {
    const ids = notes.filter((one) => one.readAt === null).map(({ id }) => id);
    for (const id of ids) onTouch(id);
    heading.current?.focus();
    readNotifications(ids);
  };
  return (
    <section class="notification-group" aria-labelledby={`told-${roomId}`}>
      <header class="notification-group-head">
        <h3 id={`told-${roomId}`}>
          <a ref={heading} href={roomId === null ? "/me/moderation" : addressOf(roomId)}>
            <bdi>{name}</bdi>
          </a>
        </h3>
        {unread > 0 && (
          <>
            <span class="notification-group-count">{countedNotify("unreadIn", unread)}</span>
            <button
              type="button"
              class="icon-button"
              aria-label={tn("markGroup", { name: isolated(name) })}
              title={tn("markGroup", { name: isolated(name) })}
              onClick={readGroup}
            >
              <Icon icon={CheckCheck} size={16} />
            </button>
          </>
        )}
      </header>
      <ul>
        {notes.map((note) => (
          <NotificationEntry key={note.id} note={note} onTouch={() => onTouch(note.id)} />
        ))}
      </ul>
    </section>
  );
}

/** Manages the filter and returns the matching notifications. Those read while the unread ones are shown stay in place. */
function useFiltered() {
  const [filter, setFilter] = useState<Filter>("all");
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const shown = notifications.value.filter((one) => filter === "all" || one.readAt === null || touched.has(one.id));
  const choose = (next: Filter) => {
    setTouched(new Set());
    setFilter(next);
  };
  const touch = (noteId: string) => setTouched((before) => new Set([...before, noteId]));
  return { filter, choose, touch, groups: groupsOf(shown) };
}

/** Replaces an empty list: shows that loading failed, or that there is nothing. */
function Nothing({ load, hasLoaded }: { load: { refusal: ApiError | null; act: (after: null) => unknown }; hasLoaded: boolean }) {
  if (notifications.value.length > 0) return <Notice icon={BellRing} title={tn("noUnread")} text={tn("noUnreadHint")} />;
  if (load.refusal)
    return (
      <Notice icon={ServerOff} title={ti("notificationsFailed")} text={explain(load.refusal.code)}>
        <button type="button" class="button button-main" onClick={() => void load.act(null)}>
          {t("retry")}
        </button>
      </Notice>
    );
  return hasLoaded ? <Notice icon={BellRing} title={ti("noNotifications")} text={ti("noNotificationsHint")} /> : <Skeleton lines={4} />;
}

/** Renders the notifications grouped by room, most recent room first, each with a link to its message. */
export function Notifications() {
  const [cursor, setCursor] = useState<string | null>(null);
  const [hasLoaded, setLoaded] = useState(false);
  const { filter, choose, touch, groups } = useFiltered();
  const list = useRef<HTMLDivElement>(null);
  const load = useAction(async (after: string | null) => {
    setCursor(await loadNotifications(after));
    setLoaded(true);
  });
  useEffect(() => void load.act(null), []);
  const readAll = () => {
    for (const one of notifications.value) if (one.readAt === null) touch(one.id);
    list.current?.querySelector<HTMLElement>('[aria-pressed="true"]')?.focus();
    readAllNotifications();
  };
  return (
    <div class="notification-list" ref={list}>
      <Tools filter={filter} onChange={choose} />
      {groups.length === 0 && <Nothing load={load} hasLoaded={hasLoaded} />}
      {unreadNotifications.value > 0 && (
        <button type="button" class="text-button notification-all" onClick={readAll}>
          <Icon icon={CheckCheck} size={15} /> {ti("markAllRead")}
        </button>
      )}
      {groups.map((group) => (
        <Group key={group.roomId} group={group} onTouch={touch} />
      ))}
      {cursor !== null && (
        <button type="button" class="button button-quiet" aria-disabled={load.isBusy} onClick={() => void load.act(cursor)}>
          {ti("more")}
        </button>
      )}
    </div>
  );
}
