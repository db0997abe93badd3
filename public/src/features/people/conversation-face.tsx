import { Users } from "lucide";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../locales/inbox/index.ts";
import { isolated, t } from "../../locales/index.ts";
import { narrowConjunction } from "../../locales/intl.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { othersIn, partnerIn } from "../inbox/inbox.ts";
import { Avatar, hueOf } from "./person.tsx";

/**
 * Returns a conversation's name: its own, or its members'. A group of two is not named like a direct conversation with the other member.
 */
export function nameOf(conversation: ConversationDto): string {
  if (conversation.kind === "group" && conversation.name !== "") return conversation.name;
  const names = othersIn(conversation).map(shownName);
  if (names.length === 0) return conversation.name || t("you");
  if (conversation.kind === "group" && names.length === 1) return ti("groupWith", { name: isolated(names[0] ?? "") });
  return narrowConjunction(document.documentElement.lang).format(names.slice(0, 4));
}

type FaceProps = { conversation: ConversationDto; size?: "sm" | "md" | "lg" };

/** Renders a conversation's avatar: the other member's with their presence, or a group icon. */
export function ConversationAvatar({ conversation, size = "md" }: FaceProps) {
  const partner = partnerIn(conversation);
  if (!partner)
    return (
      <span class={`avatar-tile avatar-${size} avatar-group`} style={{ "--hue": hueOf(conversation.id) }} aria-hidden="true">
        <Icon icon={Users} size={size === "sm" ? 15 : 19} />
      </span>
    );
  return (
    <span class={`person-face person-${partner.status}`}>
      <Avatar who={partner} size={size} />
      {partner.status !== "offline" && <span class="person-dot" aria-hidden="true" />}
    </span>
  );
}

const statusWords = { online: "online", away: "away" } as const;

/** Returns the other member's presence as text; empty in a group and for offline users. */
export function presenceOf(conversation: ConversationDto): string {
  const status = partnerIn(conversation)?.status;
  return status === "online" || status === "away" ? t(statusWords[status]) : "";
}
