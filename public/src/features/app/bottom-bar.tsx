import { House, type IconNode, LayoutGrid, MessageCircle, MessagesSquare, UserRound } from "lucide";
import { t } from "../../locales/index.ts";
import { route } from "../../shared/state/route.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { unreadInInbox } from "../inbox/inbox.ts";
import { currentUser } from "../session/session.ts";
import { unreadSummary } from "../unread/unread-summary.ts";

type TabProps = { to: string; isHere: boolean; icon: IconNode; label: string; isUnread?: boolean; count?: number };

/** Renders a tab: a number if a reply is due, a dot if something is unread. */
const Tab = ({ to, isHere, icon, label, isUnread = false, count = 0 }: TabProps) => (
  <a
    href={to}
    {...(isUnread || count > 0 ? { "aria-label": `${label}, ${t("unread")}` } : {})}
    {...(isHere ? { "aria-current": "page" as const } : {})}
  >
    <Icon icon={icon} size={21} />
    <span>{label}</span>
    <Badge count={count} label={t("unread")} look="badge-corner" />
    {isUnread && count === 0 && <span class="bar-dot" />}
  </a>
);

/** Renders the main pages on a phone: home (lounges for visitors), rooms, messages, settings. */
export function BottomBar() {
  const { name } = route.value;
  const { hasNews, count } = unreadSummary.value;
  return (
    <nav class="bottom-bar" aria-label={t("product")}>
      {currentUser.value === null ? (
        <Tab to="/" isHere={name === "lobby" || name === "lounges"} icon={LayoutGrid} label={t("lounges")} />
      ) : (
        <Tab to="/home" isHere={name === "home" || name === "lobby"} icon={House} label={t("home")} />
      )}
      <Tab to="/rooms" isHere={name === "rooms"} icon={MessagesSquare} label={t("rooms")} isUnread={hasNews} count={count} />
      <Tab to="/m" isHere={name === "messages"} icon={MessageCircle} label={t("messages")} count={unreadInInbox.value} />
      <Tab
        to="/me"
        isHere={name === "me" || name === "settings" || name === "moderation" || name === "record"}
        icon={UserRound}
        label={t("me")}
      />
    </nav>
  );
}
