import "../../styles/features/inbox.css";
import { SquarePen } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { t } from "../../locales/index.ts";
import { useRoving } from "../../shared/keyboard/use-roving.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { conversationPath, path } from "../../shared/state/route.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { currentUser } from "../session/session.ts";
import { countOf } from "../unread/unread.ts";
import { ConversationLink } from "./conversation-link.tsx";
import { conversations, requests } from "./inbox.ts";
import { Requests } from "./requests/requests.tsx";

const SHOWN = 6;

/** Returns the newest few conversations, plus unread ones and the open one; all at the inbox address. */
const shortList = () =>
  conversations.value.filter(
    (one, at) => at < SHOWN || path.value === "/m" || countOf(one.id) > 0 || conversationPath(one.id) === path.value,
  );

export function NewMessageButton({ isWide = false }: { isWide?: boolean }) {
  const open = () => {
    showing.value = "newMessage";
  };
  if (isWide)
    return (
      <button type="button" class="button button-main" onClick={open}>
        <Icon icon={SquarePen} size={17} /> {ti("newMessage")}
      </button>
    );
  return (
    <button type="button" class="icon-button sidebar-new" aria-label={ti("newMessage")} title={ti("newMessage")} onClick={open}>
      <Icon icon={SquarePen} size={16} />
    </button>
  );
}

/** Renders the sidebar's conversations. Guests without any don't see an empty list. */
export function SidebarConversations() {
  const isGuest = currentUser.value?.kind === "guest";
  if (isGuest && conversations.value.length === 0 && requests.value.length === 0) return null;
  return <ConversationList isGuest={isGuest} />;
}

function ConversationList({ isGuest }: { isGuest: boolean }) {
  const list = useRoving<HTMLUListElement>();
  const all = conversations.value;
  const short = shortList();
  return (
    <section class="sidebar-conversations" aria-labelledby="sidebar-conversations">
      <div class="sidebar-conversations-head">
        <h2 id="sidebar-conversations" class="sidebar-lounge-name">
          <a href="/m" {...(path.value === "/m" ? { "aria-current": "page" as const } : {})}>
            {t("messages")}
          </a>
        </h2>
        {!isGuest && <NewMessageButton />}
      </div>
      <Requests isSmall />
      {all.length === 0 && <p class="sidebar-conversations-none">{ti("noMessages")}</p>}
      <ul ref={list}>
        {short.map((one) => (
          <ConversationLink key={one.id} conversation={one} isSmall />
        ))}
      </ul>
      {all.length > short.length && (
        <a class="sidebar-more" href="/m">
          {ti("allMessages")}
        </a>
      )}
    </section>
  );
}
