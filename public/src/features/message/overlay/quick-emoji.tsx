import { SmilePlus } from "lucide";
import type { LiveMessageDto } from "../../../../../utils/contract/schemas/messages.ts";
import { tt } from "../../../locales/room/index.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import type { OpenRoom } from "../../room/open-room.ts";
import { currentUser } from "../../session/session.ts";
import { type Over, useConversationParts } from "../context.ts";
import { pending, react } from "../pending-changes.ts";
import { lastUsed, recordUse } from "./recent-emoji.ts";

const hasMine = (message: LiveMessageDto, emoji: string): boolean =>
  pending.peek().get(message.id)?.reactions?.get(emoji) ??
  message.reactions.some((one) => one.emoji === emoji && one.userIds.includes(currentUser.peek()?.id ?? ""));

/** Adds the reaction, or removes it. */
export function toggle(room: OpenRoom, message: LiveMessageDto, emoji: string): void {
  const isOn = !hasMine(message, emoji);
  if (isOn) recordUse(emoji);
  react(room, message, { emoji, isOn });
}

/** Renders the six most recent emoji and the button for all others. */
export function QuickEmoji({ over, onDone }: { over: Over; onDone: () => void }) {
  const parts = useConversationParts();
  return (
    <div class="quick-emoji">
      {lastUsed.value.slice(0, 6).map((emoji) => (
        <button
          key={emoji}
          type="button"
          class="emoji-button"
          aria-pressed={hasMine(over.message, emoji)}
          onClick={() => {
            onDone();
            toggle(parts.room, over.message, emoji);
          }}
        >
          {emoji}
        </button>
      ))}
      <button
        type="button"
        class="emoji-button"
        aria-label={tt("moreEmoji")}
        title={`${tt("moreEmoji")} (+)`}
        onClick={() => {
          parts.over.value = { ...over, kind: "emoji" };
        }}
      >
        <Icon icon={SmilePlus} size={20} />
      </button>
    </div>
  );
}
