import { ArrowLeft, PanelRightClose, PanelRightOpen } from "lucide";
import { counted, t } from "../locales/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Side } from "../parts/side.tsx";
import { goLive } from "../state/live.ts";
import { languageName, noteOnline, type Place } from "../state/lounges.ts";
import type { OpenRoom } from "../state/room.ts";
import { changeSettings, isWide, settings } from "../state/settings.ts";
import { beside, showing } from "../state/showing.ts";
import { Frame } from "./frame.tsx";
import { LevelMenu } from "./level-menu.tsx";
import { PinsButton } from "./message/pins.tsx";
import { PeopleList } from "./people-list.tsx";
import { Talk, useTalk } from "./talk.tsx";
import { SearchButton } from "./top-tools.tsx";

goLive();

/** Where a search or a list stands beside the messages, the people make room. */
const isPeopleOpen = (): boolean => (isWide.value ? settings.value.showsPeople && beside.value === null : showing.value === "people");

function closePeople(): void {
  if (isWide.value) changeSettings({ showsPeople: false });
  else showing.value = null;
}

function openPeople(): void {
  beside.value = null;
  if (isWide.value) changeSettings({ showsPeople: true });
  else showing.value = "people";
}

function PeopleButton() {
  const isOpen = isPeopleOpen();
  const label = isOpen ? t("hidePeople") : t("showPeople");
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      aria-expanded={isOpen}
      onClick={isOpen ? closePeople : openPeople}
    >
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
      <SearchButton />
      <PinsButton />
      <LevelMenu roomId={room.roomId} />
      <PeopleButton />
    </header>
  );
}

const noteHere = (room: OpenRoom): void => noteOnline(room.roomId, room.people.onlineCount.value);

function LanguageRoom({ place }: { place: Place }) {
  const talk = useTalk(place.room.id, noteHere);
  const name = languageName(place.room);
  return (
    <>
      <Talk {...talk} name={name} head={<RoomHead place={place} room={talk.room} name={name} />} />
      {isPeopleOpen() && (
        <Side title={t("people")} onClose={closePeople}>
          <PeopleList room={talk.room} />
        </Side>
      )}
    </>
  );
}

/** A room one is in: rail, messages, people. */
export function RoomView({ place }: { place: Place }) {
  return (
    <Frame hue={place.lounge.iconColor}>
      <LanguageRoom key={place.room.id} place={place} />
    </Frame>
  );
}
