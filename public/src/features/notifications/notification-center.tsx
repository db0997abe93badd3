import { AtSign, Mail, MessageCircle, Reply } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { isolated } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import type { Toast } from "./notifications.ts";

const signs = { mention: AtSign, reply: Reply, message_request: Mail, message: MessageCircle } as const;
const texts = { mention: "notificationMention", reply: "notificationReply", message_request: "notificationRequest" } as const;

/** Describes an event in one sentence, with its icon. */
export function Happening({ what }: { what: Toast }) {
  const name = isolated(shownName(what.actor));
  return (
    <span class="notification-title">
      <Icon icon={signs[what.kind]} size={14} />
      <span>{what.kind === "message" ? tn("wrote", { name }) : ti(texts[what.kind], { name })}</span>
    </span>
  );
}
