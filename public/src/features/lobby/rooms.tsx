import "../../styles/features/inbox.css";
import { Search } from "lucide";
import { t } from "../../locales/index.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { lounges, loungesFailure } from "./lounges.ts";
import { LoungesFailed } from "./lounges-failed.tsx";
import { RoomList } from "./room-lists.tsx";

function List() {
  if (lounges.value === null && loungesFailure.value) return <LoungesFailed />;
  return lounges.value === null ? <Skeleton lines={8} /> : <RoomList />;
}

/** Renders all rooms that the user may enter as a page, where there is no sidebar. */
export const RoomsView = () => (
  <div class="frame frame-single">
    <main class="inbox" id="content">
      <header class="inbox-head">
        <h1>{t("rooms")}</h1>
        <button
          type="button"
          class="icon-button"
          aria-label={t("switcher")}
          title={t("switcher")}
          onClick={() => {
            showing.value = "switcher";
          }}
        >
          <Icon icon={Search} size={19} />
        </button>
      </header>
      <div class="inbox-body rooms-body">
        <List />
      </div>
    </main>
  </div>
);
