import { X } from "lucide";
import { useEffect } from "preact/hooks";
import { isLive } from "../../../utils/client/room-log.ts";
import { countedTalk, tt } from "../locales/talk/index.ts";
import { Icon } from "../parts/icon.tsx";
import { endGreeting } from "../state/first-minute.ts";
import type { Place } from "../state/lounges.ts";
import { outbox, post } from "../state/outbox.ts";
import type { OpenRoom } from "../state/room.ts";
import { myself } from "../state/session.ts";
import { focusTalk } from "./newcomer-status.tsx";

const hasWritten = ({ log, roomId }: OpenRoom): boolean =>
  outbox.value.some((one) => one.roomId === roomId) || log.value.items.some((one) => isLive(one) && one.author.id === myself.value?.id);

/** Greets somebody who has just joined, over the composer, until they write or dismiss it. */
export function Greeting({ place, room }: { place: Place; room: OpenRoom }) {
  const { roomId } = room;
  const isIn = room.phase.value === "in";
  const isOver = isIn && hasWritten(room);
  useEffect(() => {
    if (isOver) endGreeting(roomId);
  }, [isOver]);
  const others = isIn ? room.people.onlineCount.value - 1 : place.room.onlineCount;
  const dismiss = (): void => {
    endGreeting(roomId);
    focusTalk();
  };
  const sayHi = (): void => {
    post(roomId, "👋");
    dismiss();
  };
  return (
    <>
      <p class="greeting-words">{others > 0 ? countedTalk("greetingOthers", others) : tt("greetingAlone")}</p>
      <button type="button" class="greeting-wave" aria-label={tt("sayHi")} title={tt("sayHi")} onClick={sayHi}>
        👋
      </button>
      <button type="button" class="icon-button" aria-label={tt("dismissGreeting")} title={tt("dismissGreeting")} onClick={dismiss}>
        <Icon icon={X} size={18} />
      </button>
    </>
  );
}
