import type { RoomLevel } from "../../../../utils/contract/schemas/conversations.ts";
import { isolated, locale } from "../../locales/index.ts";
import { tn } from "../../locales/notifications/index.ts";
import { roomNameOf } from "../../shared/text/room-name.ts";
import { Trouble } from "../../shared/ui/form.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { setLevel } from "../inbox/conversations.ts";
import { conversationOf } from "../inbox/inbox.ts";
import { addressOf, roomWords } from "../room/current-room.ts";
import { readingOf, readings } from "../unread/unread.ts";
import { Section } from "./section.tsx";

const levels = { all: "levelAll", mentions: "levelMentions", mute: "levelMute" } as const;
const order: readonly RoomLevel[] = ["all", "mentions", "mute"];

const isLevel = (value: string): value is RoomLevel => value in levels;

function RoomLevelRow({ roomId, name }: { roomId: string; name: string }) {
  const change = useAction((level: RoomLevel) => setLevel(roomId, level));
  return (
    <li class="room-level">
      <a href={addressOf(roomId)}>
        <bdi>{name}</bdi>
      </a>
      <select
        class="field"
        aria-label={tn("levelOf", { name: isolated(name) })}
        value={readingOf(roomId)?.level ?? "all"}
        onChange={({ currentTarget }) => {
          if (isLevel(currentTarget.value)) void change.act(currentTarget.value);
        }}
      >
        {order.map((level) => (
          <option key={level} value={level}>
            {tn(levels[level])}
          </option>
        ))}
      </select>
      <Trouble refusal={change.refusal} />
    </li>
  );
}

/** Lists every room and conversation with its own notification level. */
export function RoomLevels() {
  const known = [...readings.value.keys()].filter((roomId) => conversationOf(roomId) !== undefined || roomWords(roomId) !== null);
  const collator = new Intl.Collator(locale.value);
  const rooms = known.map((roomId) => ({ roomId, name: roomNameOf(roomId) })).sort((a, b) => collator.compare(a.name, b.name));
  return (
    <Section id="room-levels" title={tn("perRoom")} text={tn(rooms.length > 0 ? "perRoomHint" : "perRoomNone")}>
      {rooms.length > 0 && (
        <ul class="room-levels">
          {rooms.map((room) => (
            <RoomLevelRow key={room.roomId} {...room} />
          ))}
        </ul>
      )}
    </Section>
  );
}
