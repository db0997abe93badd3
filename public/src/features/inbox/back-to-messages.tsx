import { ArrowLeft } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";

/** The way back to the list of conversations, where that is not at the side. */
export const BackToMessages = () => (
  <a class="icon-button room-back" href="/m" aria-label={ti("toMessages")} title={ti("toMessages")}>
    <Icon icon={ArrowLeft} size={20} />
  </a>
);
