import { Lock } from "lucide";
import { useState } from "preact/hooks";
import type { LoungeDto, RoomDto } from "../../../utils/contract/lounges.ts";
import { countedInbox } from "../locales/inbox/index.ts";
import { number, t } from "../locales/index.ts";
import { Badge } from "../parts/badge.tsx";
import { Brand } from "../parts/brand.tsx";
import { Count } from "../parts/count.tsx";
import { Icon } from "../parts/icon.tsx";
import { Avatar, Mark } from "../parts/person.tsx";
import { languageName, lounges, ordered } from "../state/lounges.ts";
import { hasUnread, newsOf } from "../state/reading.ts";
import { path, roomPath } from "../state/route.ts";
import { myself } from "../state/session.ts";
import { showing } from "../state/showing.ts";
import { RailTalks } from "./inbox/rail-talks.tsx";
import { TopTools } from "./top-tools.tsx";

const FIRST = 3;

function RoomLink({ lounge, room }: { lounge: LoungeDto; room: RoomDto }) {
  const to = roomPath(lounge.slug, room.languageCode ?? "");
  const isHere = path.value === to;
  const { hasNews, count } = newsOf(room.id);
  const isUnread = !isHere && hasNews;
  return (
    <li>
      <a class={isUnread ? "rail-room rail-room-unread" : "rail-room"} href={to} {...(isHere ? { "aria-current": "page" as const } : {})}>
        <span class="rail-room-name">
          <bdi lang={room.languageCode ?? undefined}>{languageName(room)}</bdi>
        </span>
        {isUnread && count === 0 && <span class="sr-only">, {t("unread")}</span>}
        {isUnread && <Badge count={count} label={countedInbox("unreadMentions", count)} look="badge-strong" />}
        <Count people={room.onlineCount} look="rail-count" />
      </a>
    </li>
  );
}

/** The rooms worth a line without asking: one's own languages, where people are, what is unread, where one is. */
const shortList = (lounge: LoungeDto): RoomDto[] => {
  const rooms = ordered(lounge.rooms);
  const isWorth = (room: RoomDto, at: number): boolean =>
    at < FIRST || room.onlineCount > 0 || hasUnread(room) || roomPath(lounge.slug, room.languageCode ?? "") === path.value;
  return rooms.filter(isWorth);
};

/** A lounge of the rail. Its quiet rooms in other languages are behind one click. */
function RailLounge({ lounge }: { lounge: LoungeDto }) {
  const [isOpen, setOpen] = useState(false);
  const short = shortList(lounge);
  return (
    <section class="rail-lounge lounge-hued" style={{ "--lounge": lounge.iconColor }}>
      <h2 class="rail-lounge-name">
        <span class="rail-lounge-dot" aria-hidden="true" />
        <bdi>{lounge.name}</bdi>
        {lounge.closedReason && <Icon icon={Lock} size={12} />}
      </h2>
      {lounge.closedReason === null && (
        <ul>
          {(isOpen ? ordered(lounge.rooms) : short).map((room) => (
            <RoomLink key={room.id} lounge={lounge} room={room} />
          ))}
          {lounge.rooms.length > short.length && (
            <li>
              <button type="button" class="rail-more" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
                {isOpen ? t("fewerRooms") : t("moreRooms", { count: number(lounge.rooms.length) })}
              </button>
            </li>
          )}
        </ul>
      )}
    </section>
  );
}

/** Who one is, and the way to one's settings. */
function MeButton() {
  const me = myself.value;
  if (!me) return null;
  return (
    <button
      type="button"
      class="rail-me"
      aria-label={`${t("me")}: ${me.displayName}`}
      onClick={() => {
        showing.value = "me";
      }}
    >
      <Avatar who={me} />
      <span class="rail-me-words">
        <bdi>{me.displayName}</bdi>
        <Mark who={me} />
      </span>
    </button>
  );
}

/** The left column: every lounge and room, with who is there now. */
export function Rail() {
  const known = (lounges.value ?? []).filter((lounge) => lounge.closedReason === null);
  return (
    <nav class="rail" aria-label={t("lounges")}>
      <div class="rail-top">
        <Brand />
        <TopTools />
      </div>
      <div class="rail-list">
        <RailTalks />
        {known.map((lounge) => (
          <RailLounge key={lounge.id} lounge={lounge} />
        ))}
      </div>
      <MeButton />
    </nav>
  );
}
