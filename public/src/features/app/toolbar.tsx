import { Bell, BellOff, Search } from "lucide";
import { t } from "../../locales/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { isQuietNow } from "../notifications/notification-preferences.ts";
import { unreadNotifications } from "../notifications/notifications.ts";

const toggle = (what: "search" | "notifications"): void => {
  sidePanel.value = sidePanel.value === what ? null : what;
};

export const SearchButton = () => (
  <button
    type="button"
    class="icon-button"
    aria-label={t("search")}
    title={`${t("search")} (/)`}
    aria-expanded={sidePanel.value === "search"}
    onClick={() => toggle("search")}
  >
    <Icon icon={Search} size={19} />
  </button>
);

/** Shows the number of new notifications; the bell is crossed out while notifications are paused. */
export function Bellpush() {
  const title = isQuietNow.value ? `${t("notifications")} · ${t("quiet")}` : t("notifications");
  return (
    <button
      type="button"
      class="icon-button bell"
      title={title}
      aria-expanded={sidePanel.value === "notifications"}
      onClick={() => toggle("notifications")}
    >
      <Icon icon={isQuietNow.value ? BellOff : Bell} size={19} />
      <span class="sr-only">{title}</span>
      <Badge count={unreadNotifications.value} label={t("unread")} look="badge-corner" />
    </button>
  );
}

/** Renders the search and notification buttons where the sidebar doesn't. */
export const TopTools = () => (
  <div class="top-tools">
    <SearchButton />
    <Bellpush />
  </div>
);
