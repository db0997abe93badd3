import { useSignalEffect } from "@preact/signals";
import { ArrowLeft, PanelRightClose, PanelRightOpen, Search } from "lucide";
import { useEffect, useMemo } from "preact/hooks";
import { counted, t } from "../locales/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { keepConnected } from "../state/connection.ts";
import { viewLog } from "../state/log-view.ts";
import { languageName, noteOnline, type Place } from "../state/lounges.ts";
import { openOutbox } from "../state/outbox.ts";
import { type OpenRoom, openRoom } from "../state/room.ts";
import { changeSettings, isMiddle, isWide, settings } from "../state/settings.ts";
import { showing } from "../state/showing.ts";
import { Announcer } from "./announcer.tsx";
import { Composer } from "./composer.tsx";
import { ConnectionLine } from "./connection-line.tsx";
import { Log } from "./log.tsx";
import { PeopleList } from "./people-list.tsx";
import { Rail } from "./rail.tsx";
import { Refused } from "./refused.tsx";
import { RoomStatus } from "./room-status.tsx";

keepConnected();
void openOutbox();

function PeopleButton() {
  const isOpen = isWide.value ? settings.value.showsPeople : showing.value === "people";
  const toggle = () => {
    if (isWide.value) changeSettings({ showsPeople: !settings.value.showsPeople });
    else showing.value = isOpen ? null : "people";
  };
  const label = isOpen ? t("hidePeople") : t("showPeople");
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} aria-expanded={isOpen} onClick={toggle}>
      <Icon icon={isOpen ? PanelRightClose : PanelRightOpen} size={20} />
    </button>
  );
}

function RoomHead({ place, room, name }: { place: Place; room: OpenRoom; name: string }) {
  const topic = room.room.value?.topic ?? place.room.topic;
  const online = room.phase.value === "in" ? room.people.onlineCount.value : place.room.onlineCount;
  return (
    <header class="room-head">
      <a class="icon-button room-back" href="/" aria-label={t("back")} title={t("back")}>
        <Icon icon={ArrowLeft} size={20} />
      </a>
      <div class="room-title">
        <h1 lang={place.room.languageCode ?? undefined}>
          <bdi>{name}</bdi>
        </h1>
        <p>
          <bdi class="room-lounge">{place.lounge.name}</bdi>
          {topic && <bdi class="room-topic">{topic}</bdi>}
        </p>
      </div>
      <span class="room-online" aria-live="off">
        <span class="online-dot" aria-hidden="true" />
        {counted("onlineCount", online)}
      </span>
      <button
        type="button"
        class="icon-button room-search"
        aria-label={t("switcher")}
        title={`${t("switcher")} (Ctrl K)`}
        onClick={() => {
          showing.value = "switcher";
        }}
      >
        <Icon icon={Search} size={19} />
      </button>
      <PeopleButton />
    </header>
  );
}

function Conversation({ place }: { place: Place }) {
  const room = useMemo(() => openRoom(place.room.id), [place.room.id]);
  const view = useMemo(() => viewLog(room), [room]);
  const name = languageName(place.room);
  useEffect(() => () => room.close(), [room]);
  useSignalEffect(() => {
    if (room.phase.value === "in") noteOnline(room.roomId, room.people.onlineCount.value);
  });
  useEffect(() => {
    const onEscape = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || showing.value !== null || event.defaultPrevented) return;
      view.read();
      view.newest();
      document.querySelector<HTMLElement>(".composer-field")?.focus();
    };
    window.addEventListener("keydown", onEscape);
    return () => window.removeEventListener("keydown", onEscape);
  }, [view]);

  return (
    <>
      <main class="room" id="content">
        <RoomHead place={place} room={room} name={name} />
        <ConnectionLine room={room} />
        {room.phase.value === "refused" ? (
          <Refused code={room.refusal.value ?? "forbidden"} />
        ) : (
          <>
            <Log room={room} view={view} name={name} />
            <RoomStatus room={room} />
            <Composer
              key={room.roomId}
              room={room}
              name={name}
              onSent={() => {
                view.read();
                view.newest();
              }}
            />
          </>
        )}
        <Announcer room={room} />
      </main>
      {isWide.value && settings.value.showsPeople && (
        <aside class="side" aria-label={t("people")}>
          <h2 class="side-title">{t("people")}</h2>
          <PeopleList room={room} />
        </aside>
      )}
      {!isWide.value && showing.value === "people" && (
        <Panel
          title={t("people")}
          kind="side"
          onClose={() => {
            showing.value = null;
          }}
        >
          <PeopleList room={room} />
        </Panel>
      )}
    </>
  );
}

/** A room one is in: rail, conversation, people. */
export function RoomView({ place }: { place: Place }) {
  return (
    <div class="frame lounge-hued" style={{ "--lounge": place.lounge.iconColor }}>
      {isMiddle.value && <Rail />}
      <Conversation key={place.room.id} place={place} />
    </div>
  );
}
