import "../../styles/features/home.css";
import { ChevronRight, Lock } from "lucide";
import { useId, useState } from "preact/hooks";
import type { LoungeDto, RoomDto } from "../../../../utils/contract/schemas/lounges.ts";
import { ti } from "../../locales/inbox/index.ts";
import { number, t } from "../../locales/index.ts";
import { useRoving } from "../../shared/keyboard/use-roving.ts";
import { path } from "../../shared/state/route.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { hasUnread, isMentionedIn } from "../unread/unread.ts";
import { addressPath, lounges, openRooms, ordered, type RoomAddress } from "./lounges.ts";
import { isBrowsing, isOwn, isWaiting, ownRooms, setBrowsing } from "./own-rooms.ts";
import { RoomLink } from "./room-link.tsx";
import { StarButton } from "./star-button.tsx";

const FIRST = 3;

const isHere = (place: RoomAddress): boolean => addressPath(place) === path.value;

/** Returns the own rooms, the open room, and rooms with unread mentions. */
function shownPlaces(isUnreadFirst: boolean): RoomAddress[] {
  const others = openRooms.value.filter((place) => !isOwn(place.room.id) && (isHere(place) || isMentionedIn(place.room.id)));
  const all = [...ownRooms.value, ...others];
  if (!isUnreadFirst) return all;
  const waits = ({ room }: RoomAddress): number => Number(isMentionedIn(room.id)) * 2 + Number(isWaiting(room.id));
  return all.sort((a, b) => waits(b) - waits(a));
}

const OwnRoom = ({ place }: { place: RoomAddress }) => (
  <li class="own-room lounge-hued" style={{ "--lounge": place.lounge.iconColor }}>
    <RoomLink {...place} withLounge />
    <StarButton place={place} look="sidebar-star" isBeside />
  </li>
);

/** Renders the user's own rooms. They keep their positions so that they are easy to find; on a standalone page, unread ones come first. */
export function OwnRooms({ isUnreadFirst = false }: { isUnreadFirst?: boolean }) {
  const list = useRoving<HTMLUListElement>();
  const id = useId();
  const places = shownPlaces(isUnreadFirst);
  return (
    <div class="own-rooms">
      <h2 id={id} class="sidebar-lounge-name">
        {ti("yourRooms")}
      </h2>
      {places.length === 0 && <p class="sidebar-conversations-none">{ti("noOwnRooms")}</p>}
      <ul ref={list} aria-labelledby={id}>
        {places.map((place) => (
          <OwnRoom key={place.room.id} place={place} />
        ))}
      </ul>
    </div>
  );
}

/** Returns the rooms to list by default: the user's languages, rooms with people online, unread rooms. */
const shortList = (rooms: readonly RoomDto[]): RoomDto[] =>
  rooms.filter((room, at) => at < FIRST || room.onlineCount > 0 || hasUnread(room));

/** Renders a lounge with the rooms that are not listed above. Its quiet rooms in other languages need one more click. */
function BrowsedLounge({ lounge }: { lounge: LoungeDto }) {
  const [isOpen, setOpen] = useState(false);
  const rooms = ordered(lounge.rooms).filter((room) => !isOwn(room.id) && !isHere({ lounge, room }));
  const short = shortList(rooms);
  if (rooms.length === 0) return null;
  return (
    <section class="sidebar-lounge lounge-hued" style={{ "--lounge": lounge.iconColor }}>
      <h3 class="sidebar-lounge-name">
        <span class="sidebar-lounge-dot" aria-hidden="true" />
        <bdi>{lounge.name}</bdi>
        {lounge.closedReason && <Icon icon={Lock} size={12} />}
      </h3>
      <ul>
        {(isOpen ? rooms : short).map((room) => (
          <li key={room.id}>
            <RoomLink lounge={lounge} room={room} />
          </li>
        ))}
        {rooms.length > short.length && (
          <li>
            <button type="button" class="sidebar-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? t("fewerRooms") : t("moreRooms", { count: number(rooms.length) })}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

/** Renders every lounge that the user may enter, without the user's own rooms, with online counts. */
function BrowsedLounges() {
  const list = useRoving<HTMLDivElement>();
  return (
    <div ref={list}>
      {(lounges.value ?? [])
        .filter((lounge) => lounge.closedReason === null)
        .map((lounge) => (
          <BrowsedLounge key={lounge.id} lounge={lounge} />
        ))}
    </div>
  );
}

/** Renders all other rooms in a collapsible section, expanded by default for users without own rooms. */
export function Browse() {
  const isOpen = isBrowsing.value;
  return (
    <section class="browse">
      <h2 class="browse-head">
        <button type="button" class="browse-button" aria-expanded={isOpen} onClick={() => setBrowsing(!isOpen)}>
          <Icon icon={ChevronRight} size={14} />
          {ti("browse")}
        </button>
        <a class="browse-all" href="/lounges">
          {t("lounges")}
        </a>
      </h2>
      {isOpen && <BrowsedLounges />}
    </section>
  );
}

/** Renders all rooms that the user may enter as a page: own rooms first, unread ones before the others. */
export const RoomList = () => (
  <>
    <OwnRooms isUnreadFirst />
    <section class="browse">
      <h2 class="sidebar-lounge-name">{ti("browse")}</h2>
      <BrowsedLounges />
    </section>
  </>
);
