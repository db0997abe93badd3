import { useEffect, useMemo } from "preact/hooks";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import { tt } from "../../locales/room/index.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { post } from "../composer/outbox.ts";
import { newcomersOf } from "./newcomers.ts";
import type { OpenRoom } from "./open-room.ts";
import { gathered, RoomStatus } from "./room-status.tsx";

/** More newcomers than this within a minute are only counted, and greeting them is not offered. */
const FEW = 3;
/** Number of greetings after which greeting a newcomer is no longer offered. */
const GREETED_ENOUGH = 3;

/** Moves the focus to the messages or the composer: the button that had it disappears with its newcomer. */
export function focusMessageList(): void {
  document.querySelector<HTMLElement>(isTouch.peek() ? ".log" : ".composer-field")?.focus();
}

const isGreetedEnough = ({ log }: OpenRoom, userId: string): boolean =>
  log.value.items.filter((one) => isLive(one) && one.mentions.includes(userId) && one.text.startsWith("👋")).length >= GREETED_ENOUGH;

/**
 * Renders the status below the messages: typing users, who joined and left, and newcomers, with a button to greet the newest. It has a
 * single row of fixed height, so that many newcomers don't move the messages, and is not announced.
 */
export function NewcomerStatus({ room }: { room: OpenRoom }) {
  const newcomers = useMemo(() => newcomersOf(room.roomId), [room]);
  useEffect(() => newcomers.close, [newcomers]);
  const list = newcomers.list.value;
  const [newest] = list;
  const canWave = newest && list.length <= FEW && room.standing.value?.canSend === true && !isGreetedEnough(room, newest.id);
  const wave = (): void => {
    if (!newest) return;
    newcomers.done(newest.id);
    post(room.roomId, `👋 <@${newest.id}>`);
    focusMessageList();
  };
  return (
    <div class="status-line">
      {newest && (
        <p class="newcomers">
          <span>
            {gathered(
              list.map((one) => one.displayName),
              { few: "joined", many: "othersJoined" },
            )}
          </span>
          {canWave && (
            <button type="button" class="text-button newcomers-wave" aria-label={tt("waveTo", { name: newest.displayName })} onClick={wave}>
              <span aria-hidden="true">👋</span> {tt("wave")}
            </button>
          )}
        </p>
      )}
      <RoomStatus room={room} />
    </div>
  );
}
