import { AtSign, Flag, Mail, MessageCircle, Reply, Scale } from "lucide";
import { ti } from "../../locales/inbox/index.ts";
import { isolated } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import type { Toast } from "./notifications.ts";

const signs = {
  mention: AtSign,
  reply: Reply,
  message_request: Mail,
  message: MessageCircle,
  moderation: Scale,
  appeal: Scale,
  report: Flag,
} as const;
const texts = { mention: "notificationMention", reply: "notificationReply", message_request: "notificationRequest" } as const;

function titleOf({ kind, actor }: Toast): string {
  if (kind === "moderation" || kind === "appeal" || kind === "report") return tn(kind);
  const name = isolated(actor ? shownName(actor) : "");
  return kind === "message" ? tn("wrote", { name }) : ti(texts[kind], { name });
}

const details = { moderation: "moderationText", appeal: "appealText", report: "reportText" } as const;

/** Returns what a notification adds to its title: the beginning of the message, or what there is to see. */
export function notificationExcerpt({ kind, excerpt }: Pick<Toast, "kind" | "excerpt">): string {
  if (kind === "moderation" || kind === "appeal" || kind === "report") return tn(details[kind]);
  return excerpt ? previewOf(excerpt) : "";
}

/** Describes an event in one sentence, with its icon. */
export function Happening({ what }: { what: Toast }) {
  return (
    <span class="notification-title">
      <Icon icon={signs[what.kind]} size={14} />
      <span>{titleOf(what)}</span>
    </span>
  );
}
