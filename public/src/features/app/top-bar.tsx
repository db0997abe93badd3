import { Languages, MessageCircle } from "lucide";
import { t } from "../../locales/index.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { route } from "../../shared/state/route.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Brand } from "../../shared/ui/brand.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { unreadInInbox } from "../inbox/inbox.ts";
import { Avatar } from "../people/person.tsx";
import { ban } from "../session/me.ts";
import { currentUser } from "../session/session.ts";
import { TopTools } from "./toolbar.tsx";

/** Renders the header of every page outside the rooms. */
export function TopBar() {
  const me = currentUser.value;
  const open = () => {
    showing.value = "me";
  };
  return (
    <header class="top-bar">
      <Brand />
      {me ? (
        <div class="top-ways">
          {ban.value === null && (
            <>
              <a class="icon-button top-messages" href="/m">
                <Icon icon={MessageCircle} size={19} />
                <span class="sr-only">{t("messages")}</span>
                <Badge count={unreadInInbox.value} label={t("unread")} look="badge-corner" />
              </a>
              <TopTools />
            </>
          )}
          <button type="button" class="top-me" aria-label={`${t("me")}: ${me.displayName}`} onClick={open}>
            <Avatar who={me} size="sm" />
            <bdi>{me.displayName}</bdi>
          </button>
        </div>
      ) : (
        <div class="top-ways top-ways-in">
          {route.value.name !== "account" && (
            <a class="button button-quiet" href="/signin">
              {t("signIn")}
            </a>
          )}
          <button type="button" class="icon-button" aria-label={t("settings")} title={t("settings")} onClick={open}>
            <Icon icon={Languages} size={20} />
          </button>
        </div>
      )}
    </header>
  );
}
