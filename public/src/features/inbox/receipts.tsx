import { Check, CheckCheck } from "lucide";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { ConversationDto } from "../../../../utils/contract/schemas/conversations.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { countedInbox, ti } from "../../locales/inbox/index.ts";
import { conjunction } from "../../locales/intl.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import type { OpenRoom } from "../room/open-room.ts";
import { currentUser } from "../session/session.ts";
import { conversationOf, othersIn } from "./inbox.ts";

const NAMED = 3;

/** Returns the user's last message if it is the newest in the room. */
function lastOfMine(room: OpenRoom): LiveMessageDto | null {
  const last = room.log.value.items.findLast(isLive);
  return last && last.author.id === currentUser.value?.id ? last : null;
}

function wordsOf(conversation: ConversationDto, seq: number): { text: string; isSeen: boolean } | null {
  const others = othersIn(conversation);
  const seen = others.filter((one) => (one.lastReadSeq ?? 0) >= seq);
  if (seen.length > 0) {
    if (conversation.kind === "direct") return { text: ti("seen"), isSeen: true };
    if (seen.length > NAMED) return { text: countedInbox("seenByCount", seen.length), isSeen: true };
    const names = conjunction(document.documentElement.lang).format(seen.map(shownName));
    return { text: ti("seenBy", { names }), isSeen: true };
  }
  return others.some((one) => (one.receivedSeq ?? 0) >= seq) ? { text: ti("delivered"), isSeen: false } : null;
}

/** Shows the delivery and read status of the user's last message, for members who share it. */
export function Receipts({ room }: { room: OpenRoom }) {
  const conversation = conversationOf(room.roomId);
  const mine = lastOfMine(room);
  const words = conversation && mine ? wordsOf(conversation, mine.seq) : null;
  if (!words) return null;
  return (
    <p class={words.isSeen ? "receipts receipts-seen" : "receipts"}>
      <Icon icon={words.isSeen ? CheckCheck : Check} size={14} />
      <span>{words.text}</span>
    </p>
  );
}
