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

/** The own rooms, and with them the one that is open and those in which somebody mentioned the person. */
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
    <StarButton place={place} look="rail-star" isBeside />
  </li>
);

/** The person's own rooms. They keep their places, so that a hand finds them; where they are a page of their own, unread ones come first. */
export function OwnRooms({ isUnreadFirst = false }: { isUnreadFirst?: boolean }) {
  const list = useRoving<HTMLUListElement>();
  const id = useId();
  const places = shownPlaces(isUnreadFirst);
  return (
    <div class="own-rooms">
      <h2 id={id} class="rail-lounge-name">
        {ti("yourRooms")}
      </h2>
      {places.length === 0 && <p class="rail-talks-none">{ti("noOwnRooms")}</p>}
      <ul ref={list} aria-labelledby={id}>
        {places.map((place) => (
          <OwnRoom key={place.room.id} place={place} />
        ))}
      </ul>
    </div>
  );
}

/** The rooms worth a line without asking: one's own languages, where people are, what is unread. */
const shortList = (rooms: readonly RoomDto[]): RoomDto[] =>
  rooms.filter((room, at) => at < FIRST || room.onlineCount > 0 || hasUnread(room));

/** A lounge with the rooms that are not listed above already. Its quiet rooms in other languages are behind one click. */
function BrowsedLounge({ lounge }: { lounge: LoungeDto }) {
  const [isOpen, setOpen] = useState(false);
  const rooms = ordered(lounge.rooms).filter((room) => !isOwn(room.id) && !isHere({ lounge, room }));
  const short = shortList(rooms);
  if (rooms.length === 0) return null;
  return (
    <section class="rail-lounge lounge-hued" style={{ "--lounge": lounge.iconColor }}>
      <h3 class="rail-lounge-name">
        <span class="rail-lounge-dot" aria-hidden="true" />
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
            <button type="button" class="rail-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
              {isOpen ? t("fewerRooms") : t("moreRooms", { count: number(rooms.length) })}
            </button>
          </li>
        )}
      </ul>
    </section>
  );
}

/** Every lounge one may enter with the rooms that are not the person's own, and who is there now. */
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

/** All other rooms, folded behind a button; from the beginning open for those who have no own rooms yet. */
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

/** Every room one may enter, as a page shows them: one's own first, unread ones before all others. */
export const RoomList = () => (
  <>
    <OwnRooms isUnreadFirst />
    <section class="browse">
      <h2 class="rail-lounge-name">{ti("browse")}</h2>
      <BrowsedLounges />
    </section>
  </>
);
