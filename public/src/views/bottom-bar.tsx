import { LayoutGrid, MessageCircle, MessagesSquare, UserRound } from "lucide";
import { t } from "../locales/index.ts";
import { Badge } from "../parts/badge.tsx";
import { Icon } from "../parts/icon.tsx";
import { unreadInInbox } from "../state/inbox.ts";
import { route } from "../state/route.ts";
import { showing } from "../state/showing.ts";

/** A phone's way around: the lounges, the rooms, one's messages, oneself. */
export function BottomBar() {
  const isLobby = route.value.name === "lobby";
  return (
    <nav class="bottom-bar" aria-label={t("product")}>
      <a href="/" {...(isLobby ? { "aria-current": "page" as const } : {})}>
        <Icon icon={LayoutGrid} size={21} />
        <span>{t("lounges")}</span>
      </a>
      <button
        type="button"
        onClick={() => {
          showing.value = "switcher";
        }}
      >
        <Icon icon={MessagesSquare} size={21} />
        <span>{t("rooms")}</span>
      </button>
      <a class="bar-messages" href="/m" {...(route.value.name === "messages" ? { "aria-current": "page" as const } : {})}>
        <span class="bar-sign">
          <Icon icon={MessageCircle} size={21} />
          <Badge count={unreadInInbox.value} label={t("unread")} look="badge-corner" />
        </span>
        <span>{t("messages")}</span>
      </a>
      <button
        type="button"
        onClick={() => {
          showing.value = "me";
        }}
      >
        <Icon icon={UserRound} size={21} />
        <span>{t("me")}</span>
      </button>
    </nav>
  );
}
