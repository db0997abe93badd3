import { countedInbox } from "../locales/inbox/index.ts";
import { t } from "../locales/index.ts";
import { Badge } from "../parts/badge.tsx";
import { Count } from "../parts/count.tsx";
import { placeLabel } from "../parts/place-label.ts";
import { languageName, type Place, placePath } from "../state/lounges.ts";
import { newsOf } from "../state/reading.ts";
import { path } from "../state/route.ts";

/** A room of a list: its name, what is new, who is there. `withLounge` where no heading above it names the lounge. */
export function RoomLink({ lounge, room, withLounge = false }: Place & { withLounge?: boolean }) {
  const to = placePath({ lounge, room });
  const isHere = path.value === to;
  const { hasNews, count } = newsOf(room.id);
  const isUnread = !isHere && hasNews;
  const news = count > 0 ? countedInbox("unreadMentions", count) : t("unread");
  return (
    <a
      class={isUnread ? "rail-room rail-room-unread" : "rail-room"}
      href={to}
      aria-label={placeLabel({ lounge, room }, isUnread ? news : null)}
      {...(isHere ? { "aria-current": "page" as const } : {})}
    >
      <span class="rail-room-name">
        <bdi lang={room.languageCode ?? undefined}>{languageName(room)}</bdi>
        {withLounge && <bdi class="rail-room-lounge">{lounge.name}</bdi>}
      </span>
      {isUnread && <Badge count={count} label={news} look="badge-strong" />}
      <Count people={room.onlineCount} look="rail-count" />
    </a>
  );
}
