import { Languages, MessageCircle } from "lucide";
import { t } from "../locales/index.ts";
import { Badge } from "../parts/badge.tsx";
import { Brand } from "../parts/brand.tsx";
import { Icon } from "../parts/icon.tsx";
import { Avatar } from "../parts/person.tsx";
import { unreadInInbox } from "../state/inbox.ts";
import { route } from "../state/route.ts";
import { myself } from "../state/session.ts";
import { showing } from "../state/showing.ts";
import { TopTools } from "./top-tools.tsx";

/** The head of every page outside the rooms. */
export function TopBar() {
  const me = myself.value;
  const open = () => {
    showing.value = "me";
  };
  return (
    <header class="top-bar">
      <Brand />
      {me ? (
        <div class="top-ways">
          <a class="icon-button top-messages" href="/m">
            <Icon icon={MessageCircle} size={19} />
            <span class="sr-only">{t("messages")}</span>
            <Badge count={unreadInInbox.value} label={t("unread")} look="badge-corner" />
          </a>
          <TopTools />
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
