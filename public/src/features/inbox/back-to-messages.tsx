import { ArrowLeft } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";

/** Links back to the list of conversations where the sidebar doesn't show it. */
export const BackToMessages = () => (
  <a class="icon-button room-back" href="/m" aria-label={ti("toMessages")} title={ti("toMessages")}>
    <Icon icon={ArrowLeft} size={20} />
  </a>
);
