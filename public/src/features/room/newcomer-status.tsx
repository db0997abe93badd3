import { useEffect, useMemo } from "preact/hooks";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import { tt } from "../../locales/talk/index.ts";
import { isTouch } from "../../shared/state/settings.ts";
import { post } from "../composer/outbox.ts";
import { newcomersOf } from "./newcomers.ts";
import type { OpenRoom } from "./open-room.ts";
import { gathered, RoomStatus } from "./room-status.tsx";

/** More newcomers than this within a minute are a crowd: they are counted, and nobody is asked to greet them. */
const FEW = 3;
/** Somebody whom so many have greeted already is not offered to be greeted again. */
const GREETED_ENOUGH = 3;

/** The button that had the focus goes away with the person it was for. */
export function focusMessageList(): void {
  document.querySelector<HTMLElement>(isTouch.peek() ? ".log" : ".composer-field")?.focus();
}

const isGreetedEnough = ({ log }: OpenRoom, userId: string): boolean =>
  log.value.items.filter((one) => isLive(one) && one.mentions.includes(userId) && one.text.startsWith("👋")).length >= GREETED_ENOUGH;

/**
 * The quiet line under the messages: who is writing, who came and went, and who is new here, with one button to greet the newest of them.
 * All of it stands in one line of a fixed height, so that no crowd moves the messages, and is not announced.
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
              { few: "cameIn", many: "othersCameIn" },
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
