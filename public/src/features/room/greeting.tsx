import { X } from "lucide";
import { useEffect } from "preact/hooks";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import { countedRoomText, tt } from "../../locales/room/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { outbox, post } from "../composer/outbox.ts";
import type { RoomAddress } from "../lobby/lounges.ts";
import { currentUser } from "../session/session.ts";
import { endGreeting } from "./first-minute-state.ts";
import { focusMessageList } from "./newcomer-status.tsx";
import type { OpenRoom } from "./open-room.ts";

const hasWritten = ({ log, roomId }: OpenRoom): boolean =>
  outbox.value.some((one) => one.roomId === roomId) ||
  log.value.items.some((one) => isLive(one) && one.author.id === currentUser.value?.id);

/** Greets a user who has just joined, above the composer, until they write or dismiss it. */
export function Greeting({ place, room }: { place: RoomAddress; room: OpenRoom }) {
  const { roomId } = room;
  const isIn = room.phase.value === "in";
  const isOver = isIn && hasWritten(room);
  useEffect(() => {
    if (isOver) endGreeting(roomId);
  }, [isOver]);
  const others = isIn ? room.people.onlineCount.value - 1 : place.room.onlineCount;
  const dismiss = (): void => {
    endGreeting(roomId);
    focusMessageList();
  };
  const sayHi = (): void => {
    post(roomId, "👋");
    dismiss();
  };
  return (
    <>
      <p class="greeting-words">{others > 0 ? countedRoomText("greetingOthers", others) : tt("greetingAlone")}</p>
      <button type="button" class="greeting-wave" aria-label={tt("sayHi")} title={tt("sayHi")} onClick={sayHi}>
        👋
      </button>
      <button type="button" class="icon-button" aria-label={tt("dismissGreeting")} title={tt("dismissGreeting")} onClick={dismiss}>
        <Icon icon={X} size={18} />
      </button>
    </>
  );
}
