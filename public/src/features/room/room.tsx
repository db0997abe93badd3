import { ArrowDown, ArrowLeft, Pin, Search, Star, Users } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { counted, t } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { openSidePanel, showing, sidePanel } from "../../shared/state/dialogs.ts";
import { changeSettings, isMiddle, isWide, settings } from "../../shared/state/settings.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Side } from "../../shared/ui/side.tsx";
import { Layout } from "../app/layout.tsx";
import { startSync } from "../app/start-sync.ts";
import { SearchButton } from "../app/toolbar.tsx";
import { languageName, type RoomAddress, roomLabel, setOnlineCount } from "../lobby/lounges.ts";
import { isStarred } from "../lobby/own-rooms.ts";
import { StarButton, toggleStar } from "../lobby/star-button.tsx";
import { PinsButton } from "../message/pins.tsx";
import { goToNextUnread, nextUnread } from "../unread/next-unread.ts";
import { ConversationView, useConversationView } from "./conversation-view.tsx";
import { firstMinuteOf } from "./first-minute.tsx";
import { type HeadAction, HeadMenu, useHeadMenu } from "./head-menu.tsx";
import { LevelMenu } from "./level-menu.tsx";
import type { OpenRoom } from "./open-room.ts";
import { PeopleList } from "./people-list.tsx";

startSync();

/** An open side panel takes the place of the people list. */
const isPeopleOpen = (): boolean => (isWide.value ? settings.value.showsPeople && sidePanel.value === null : showing.value === "people");

function closePeople(): void {
  if (isWide.value) changeSettings({ showsPeople: false });
  else showing.value = null;
}

function openPeople(): void {
  sidePanel.value = null;
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
      data-action="people"
      aria-expanded={isOpen}
      onClick={isOpen ? closePeople : openPeople}
    >
      <Icon icon={Users} size={20} />
    </button>
  );
}

type HeadProps = { place: RoomAddress; room: OpenRoom; name: string };

const topicOf = ({ place, room }: HeadProps): string | null => room.room.value?.topic ?? place.room.topic;

const onlineIn = ({ place, room }: HeadProps): string =>
  counted("onlineCount", room.phase.value === "in" ? room.people.onlineCount.value : place.room.onlineCount);

const OnlineCount = (props: HeadProps) => (
  <span class="room-online" aria-live="off">
    <span class="online-dot" aria-hidden="true" />
    {onlineIn(props)}
  </span>
);

const BackToLounges = () => (
  <a class="icon-button room-back" href="/home" aria-label={t("back")} title={t("back")}>
    <Icon icon={ArrowLeft} size={20} />
  </a>
);

function WideHead(props: HeadProps) {
  const { place, room, name } = props;
  const topic = topicOf(props);
  return (
    <header class="room-head">
      <div class="room-title">
        <h1 lang={place.room.languageCode ?? undefined}>
          <bdi>{name}</bdi>
        </h1>
        <p>
          <bdi class="room-lounge">{place.lounge.name}</bdi>
          {topic && <bdi class="room-topic">{topic}</bdi>}
        </p>
      </div>
      <OnlineCount {...props} />
      <SearchButton />
      <StarButton place={place} look="icon-button" />
      <PinsButton />
      <LevelMenu roomId={room.roomId} />
      <PeopleButton />
    </header>
  );
}

/** Renders the header on a phone: the name has all the space; everything else is behind one button, and behind the name itself. */
function NarrowHead(props: HeadProps) {
  const { place, room, name } = props;
  const menu = useHeadMenu();
  const isOn = isStarred(place.room.id);
  const actions: HeadAction[] = [
    ...(nextUnread.value === null ? [] : [{ id: "next", icon: ArrowDown, label: ti("nextUnread"), run: goToNextUnread }]),
    { id: "star", icon: Star, label: ti(isOn ? "unstarRoom" : "starRoom"), run: () => void toggleStar(place.room.id) },
    { id: "people", icon: Users, label: `${t("people")} · ${onlineIn(props)}`, run: openPeople },
    { id: "pins", icon: Pin, label: tt("pins"), run: () => openSidePanel("pins") },
    { id: "search", icon: Search, label: t("search"), run: () => openSidePanel("search") },
  ];
  return (
    <header class="room-head">
      <BackToLounges />
      <div class="room-title">
        <h1 lang={place.room.languageCode ?? undefined}>
          <button type="button" class="room-title-button" aria-haspopup="dialog" onClick={menu.open}>
            <bdi>{name}</bdi>
          </button>
        </h1>
        <p>
          <bdi class="room-lounge">{place.lounge.name}</bdi>
          <OnlineCount {...props} />
        </p>
      </div>
      <HeadMenu menu={menu} roomId={room.roomId} title={roomLabel(place)} about={topicOf(props)} actions={actions} />
    </header>
  );
}

const RoomHead = (props: HeadProps) => (isMiddle.value ? <WideHead {...props} /> : <NarrowHead {...props} />);

const noteHere = (room: OpenRoom): void => setOnlineCount(room.roomId, room.people.onlineCount.value);

function LanguageRoom({ place }: { place: RoomAddress }) {
  const openConversation = useConversationView(place.room.id, noteHere);
  return (
    <>
      <ConversationView
        {...openConversation}
        name={roomLabel(place)}
        head={<RoomHead place={place} room={openConversation.room} name={languageName(place.room)} />}
        {...firstMinuteOf(place, openConversation.room)}
      />
      {isPeopleOpen() && (
        <Side title={t("people")} onClose={closePeople}>
          <PeopleList room={openConversation.room} />
        </Side>
      )}
    </>
  );
}

/** Renders an open room: sidebar, messages, people. */
export function RoomView({ place }: { place: RoomAddress }) {
  return (
    <Layout hue={place.lounge.iconColor}>
      <LanguageRoom key={place.room.id} place={place} />
    </Layout>
  );
}
