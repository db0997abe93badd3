import { VolumeX } from "lucide";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { isolated, recentOf } from "../../locales/index.ts";
import { conversationPath, path } from "../../shared/state/route.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { ConversationAvatar, nameOf, presenceOf } from "../people/conversation-face.tsx";
import { currentUser } from "../session/session.ts";
import { countOf, readingOf } from "../unread/unread.ts";

/** Returns the beginning of the last message, with its author. */
function lastWordsOf({ kind, lastMessage, invitedBy }: ConversationDto): string {
  if (kind === "group" && invitedBy) return ti("invitedYou", { name: isolated(shownName(invitedBy)) });
  if (!lastMessage) return ti("nothingYet");
  const text = previewOf(lastMessage.text).slice(0, 160);
  if (lastMessage.author.id === currentUser.value?.id) return ti("youWrote", { text });
  return kind === "group" ? `${shownName(lastMessage.author)}: ${text}` : text;
}

/** Renders one conversation in the list as a link. */
export function ConversationLink({ conversation, isSmall = false }: { conversation: ConversationDto; isSmall?: boolean }) {
  const to = conversationPath(conversation.id);
  const isHere = path.value === to;
  const count = isHere ? 0 : countOf(conversation.id);
  const isQuiet = readingOf(conversation.id)?.level === "mute";
  const { lastMessage } = conversation;
  const presence = presenceOf(conversation);
  return (
    <li>
      <a
        class={count > 0 ? "conversation-link conversation-link-unread" : "conversation-link"}
        href={to}
        data-conversation={conversation.id}
        {...(isHere ? { "aria-current": "page" as const } : {})}
      >
        <ConversationAvatar conversation={conversation} size={isSmall ? "sm" : "md"} />
        <span class="conversation-text">
          <span class="conversation-line">
            <bdi class="conversation-name">{nameOf(conversation)}</bdi>
            {presence && <span class="sr-only">, {presence}</span>}
            {isQuiet && (
              <span class="conversation-quiet">
                <Icon icon={VolumeX} size={12} />
                <span class="sr-only">, {ti("muted")}</span>
              </span>
            )}
            {lastMessage && (
              <time class="conversation-time" dateTime={lastMessage.createdAt}>
                {recentOf(new Date(lastMessage.createdAt))}
              </time>
            )}
          </span>
          <span class="conversation-line">
            <span class="conversation-preview" dir="auto">
              {lastWordsOf(conversation)}
            </span>
            <Badge count={count} label={countedInbox("unreadMessages", count)} look="badge-strong" />
          </span>
        </span>
      </a>
    </li>
  );
}
