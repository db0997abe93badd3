import { countedInbox } from "../../locales/inbox/index.ts";
import { t } from "../../locales/index.ts";
import { path } from "../../shared/state/route.ts";
import { placeLabel } from "../../shared/text/place-label.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Count } from "../../shared/ui/count.tsx";
import { unreadOf } from "../unread/unread.ts";
import { addressPath, languageName, type RoomAddress } from "./lounges.ts";

/** Renders a room in a list: its name, unread state and online count. `withLounge` where no heading above it names the lounge. */
export function RoomLink({ lounge, room, withLounge = false }: RoomAddress & { withLounge?: boolean }) {
  const to = addressPath({ lounge, room });
  const isHere = path.value === to;
  const { hasNews, count } = unreadOf(room.id);
  const isUnread = !isHere && hasNews;
  const unreadText = count > 0 ? countedInbox("unreadMentions", count) : t("unread");
  return (
    <a
      class={isUnread ? "sidebar-room sidebar-room-unread" : "sidebar-room"}
      href={to}
      aria-label={placeLabel({ lounge, room }, isUnread ? unreadText : null)}
      {...(isHere ? { "aria-current": "page" as const } : {})}
    >
      <span class="sidebar-room-name">
        <bdi lang={room.languageCode ?? undefined}>{languageName(room)}</bdi>
        {withLounge && <bdi class="sidebar-room-lounge">{lounge.name}</bdi>}
      </span>
      {isUnread && <Badge count={count} label={unreadText} look="badge-strong" />}
      <Count people={room.onlineCount} look="sidebar-count" />
    </a>
  );
}
