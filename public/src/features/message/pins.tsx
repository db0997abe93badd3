import { useSignalEffect } from "@preact/signals";
import { Pin, PinOff } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { type ApiError, ask, toApiError } from "../../api.ts";
import { explain, formatTime, t } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { isWide } from "../../shared/state/settings.ts";
import { MessageText } from "../../shared/text/message-text.tsx";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Side } from "../../shared/ui/side.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { cacheUsers } from "../people/user-cache.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { currentUser } from "../session/session.ts";
import { useConversationParts } from "./context.ts";
import { jumpTo } from "./jump.ts";
import { permissionsHere } from "./overlay/actions.ts";
import { pin } from "./pending-changes.ts";

/** Renders the button that opens and closes the pinned messages. */
export function PinsButton() {
  const isOpen = sidePanel.value === "pins";
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={tt("pins")}
      title={tt("pins")}
      aria-expanded={isOpen}
      onClick={() => {
        sidePanel.value = isOpen ? null : "pins";
      }}
    >
      <Icon icon={Pin} size={19} />
    </button>
  );
}

const listPins = async (roomId: string): Promise<LiveMessageDto[]> => {
  const { items } = await ask("listPins", `/api/chatroom/rooms/${roomId}/pins?limit=50`, { bearer: true });
  const found = items.filter(isLive);
  cacheUsers(found.map((one) => one.author));
  return found;
};

/** Returns the pins of a room, loaded again whenever a loaded message is pinned, unpinned or changed while pinned. */
function usePins(room: OpenRoom) {
  const [found, setFound] = useState<LiveMessageDto[] | ApiError | null>(null);
  const known = useRef<string | null>(null);
  const load = () => void listPins(room.roomId).catch(toApiError).then(setFound);
  useEffect(load, [room]);
  useSignalEffect(() => {
    const pinned = room.log.value.items.flatMap((one) => (isLive(one) && one.pinnedAt !== null ? `${one.id} ${one.changedSeq}` : []));
    const now = pinned.join();
    if (known.current !== null && known.current !== now) load();
    known.current = now;
  });
  return { found, load };
}

function Pinned({ message }: { message: LiveMessageDto }) {
  const parts = useConversationParts();
  return (
    <li class="pin">
      <p class="pin-head">
        <bdi class="pin-author">{shownName(message.author)}</bdi>
        <time dateTime={message.createdAt}>{formatTime(new Date(message.createdAt))}</time>
      </p>
      <div class="pin-text">
        <MessageText text={message.text} language={message.languageCode} mentions={message.mentions} />
      </div>
      <p class="pin-ways">
        <button
          type="button"
          class="text-button"
          onClick={() => {
            if (!isWide.value) sidePanel.value = null;
            void jumpTo(parts, message);
          }}
        >
          {tt("goTo")}
        </button>
        {permissionsHere(parts, message).canPin && (
          <button type="button" class="text-button" onClick={() => void pin(parts.room, message, false)}>
            <Icon icon={PinOff} size={14} /> {tt("unpin")}
          </button>
        )}
      </p>
    </li>
  );
}

/** Whether the user may pin in a room: only staff in a language room, every member in a conversation. */
const mayPin = (room: OpenRoom): boolean =>
  room.room.value?.kind !== "language" || ["moderator", "admin"].includes(currentUser.value?.role ?? "");

/** Renders the pinned messages, newest pin first. */
export function Pins() {
  const { room } = useConversationParts();
  const { found, load } = usePins(room);
  return (
    <Side
      title={tt("pins")}
      onClose={() => {
        sidePanel.value = null;
      }}
    >
      <div class="pins">
        {found === null && <Skeleton lines={4} />}
        {found instanceof Error && (
          <p class="part-failed" role="alert">
            {tt("pinsFailed")} {explain(found.code)}{" "}
            <button type="button" class="text-button" onClick={load}>
              {t("retry")}
            </button>
          </p>
        )}
        {Array.isArray(found) && found.length === 0 && (
          <div class="pins-none">
            <p>{tt("noPins")}</p>
            <p>{tt(mayPin(room) ? "noPinsHint" : "noPinsReader")}</p>
          </div>
        )}
        {Array.isArray(found) && found.length > 0 && (
          <ol class="pin-list">
            {found.map((message) => (
              <Pinned key={message.id} message={message} />
            ))}
          </ol>
        )}
      </div>
    </Side>
  );
}
