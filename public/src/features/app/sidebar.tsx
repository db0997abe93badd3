import { ArrowDown } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { t } from "../../locales/index.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { Brand } from "../../shared/ui/brand.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { SidebarConversations } from "../inbox/sidebar-conversations.tsx";
import { Browse, OwnRooms } from "../lobby/room-lists.tsx";
import { Avatar, Mark } from "../people/person.tsx";
import { currentUser } from "../session/session.ts";
import { goToNextUnread, nextUnread } from "../unread/next-unread.ts";
import { TopTools } from "./toolbar.tsx";

/** Shows the current user; opens their menu. */
function MeButton() {
  const me = currentUser.value;
  if (!me) return null;
  return (
    <button
      type="button"
      class="sidebar-me"
      aria-label={`${t("me")}: ${me.displayName}`}
      onClick={() => {
        showing.value = "me";
      }}
    >
      <Avatar who={me} />
      <span class="sidebar-me-text">
        <bdi>{me.displayName}</bdi>
        <Mark who={me} />
      </span>
    </button>
  );
}

/** Goes to the next unread room or conversation; renders nothing if there is none. */
function NextUnreadButton() {
  if (nextUnread.value === null) return null;
  return (
    <button type="button" class="sidebar-next" aria-keyshortcuts="N" onClick={goToNextUnread}>
      <Icon icon={ArrowDown} size={15} />
      {ti("nextUnread")}
      <span class="sidebar-key" aria-hidden="true">
        N
      </span>
    </button>
  );
}

/** Renders the sidebar: conversations, the user's own rooms, and all other rooms. */
export function Sidebar() {
  return (
    <nav class="sidebar" aria-label={t("rooms")}>
      <div class="sidebar-top">
        <Brand />
        <TopTools />
      </div>
      <div class="sidebar-list">
        <NextUnreadButton />
        <SidebarConversations />
        <OwnRooms />
        <Browse />
      </div>
      <MeButton />
    </nav>
  );
}
