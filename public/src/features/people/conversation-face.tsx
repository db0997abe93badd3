import { Users } from "lucide";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../locales/inbox/index.ts";
import { isolated, t } from "../../locales/index.ts";
import { narrowConjunction } from "../../locales/intl.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { othersIn, partnerIn } from "../inbox/inbox.ts";
import { Avatar, hueOf } from "./person.tsx";

/** What a conversation is called: by its own name, or by the people one sits with. A group of two does not bear the other's name alone. */
export function nameOf(conversation: ConversationDto): string {
  if (conversation.kind === "group" && conversation.name !== "") return conversation.name;
  const names = othersIn(conversation).map(shownName);
  if (names.length === 0) return conversation.name || t("you");
  if (conversation.kind === "group" && names.length === 1) return ti("groupWith", { name: isolated(names[0] ?? "") });
  return narrowConjunction(document.documentElement.lang).format(names.slice(0, 4));
}

type FaceProps = { conversation: ConversationDto; size?: "sm" | "md" | "lg" };

/** Who one sits with: a face and whether they are here, or the sign of a group. */
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

/** Whether the other is here, in a word; empty in a group and for who is not here. */
export function presenceOf(conversation: ConversationDto): string {
  const status = partnerIn(conversation)?.status;
  return status === "online" || status === "away" ? t(statusWords[status]) : "";
}
