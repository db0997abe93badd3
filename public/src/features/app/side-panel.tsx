import { t } from "../../locales/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { lazy } from "../../shared/ui/lazy.tsx";
import { Side } from "../../shared/ui/side.tsx";

const words = ["inbox", "account"] as const;
const SearchPanel = lazy(() => import("../search/index.tsx").then((file) => file.SearchPanel), { words });
const Notifications = lazy(() => import("../notifications/notification-list.tsx").then((file) => file.Notifications), {
  words: [...words, "notify"],
});

const close = (): void => {
  sidePanel.value = null;
};

/** Renders the search or the notifications as a side panel of the current view. */
export function SidePanel() {
  if (sidePanel.value === "search")
    return (
      <Side title={t("search")} onClose={close}>
        <SearchPanel />
      </Side>
    );
  if (sidePanel.value !== "notifications") return null;
  return (
    <Side title={t("notifications")} onClose={close}>
      <Notifications />
    </Side>
  );
}
