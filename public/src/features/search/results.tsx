import type { FoundMessageDto } from "../../../../utils/contract/schemas/search.ts";
import { exactTime, recentOf } from "../../locales/index.ts";
import { sidePanel } from "../../shared/state/dialogs.ts";
import { isWide } from "../../shared/state/settings.ts";
import { foundPreviewOf } from "../../shared/text/preview.ts";
import { roomNameOf } from "../../shared/text/room-name.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Avatar } from "../people/person.tsx";
import { addressOf } from "../room/current-room.ts";

/** Renders the excerpt as formatted in the room, with the matches marked. */
const Excerpt = ({ message }: { message: FoundMessageDto }) => (
  <span class="found-text" dir="auto" {...(message.languageCode ? { lang: message.languageCode } : {})}>
    {foundPreviewOf(message).map(({ text, isFound }, at) => (isFound ? <mark key={at}>{text}</mark> : text))}
  </span>
);

const goThere = (): void => {
  if (!isWide.value) sidePanel.value = null;
};

function Found({ message }: { message: FoundMessageDto }) {
  const { author, createdAt } = message;
  return (
    <li>
      <a class="found" href={addressOf(message.roomId, message.id)} data-message={message.id} onClick={goThere}>
        <Avatar who={author} size="sm" />
        <span class="found-words">
          <span class="found-head">
            <bdi class="found-author">{shownName(author)}</bdi>
            <time dateTime={createdAt} title={exactTime(new Date(createdAt))}>
              {recentOf(new Date(createdAt))}
            </time>
          </span>
          <Excerpt message={message} />
        </span>
      </a>
    </li>
  );
}

function byRoom(messages: readonly FoundMessageDto[]): Map<string, FoundMessageDto[]> {
  const rooms = new Map<string, FoundMessageDto[]>();
  for (const one of messages) rooms.set(one.roomId, [...(rooms.get(one.roomId) ?? []), one]);
  return rooms;
}

/** Renders the results by room, ordered by each room's newest match. */
export function Results({ messages }: { messages: readonly FoundMessageDto[] }) {
  const rooms = byRoom(messages);
  return (
    <div class="results">
      {[...rooms].map(([roomId, inRoom]) => (
        <section key={roomId} aria-label={roomNameOf(roomId)}>
          <h3 class="results-room">
            <bdi>{roomNameOf(roomId)}</bdi>
          </h3>
          <ul>
            {inRoom.map((one) => (
              <Found key={one.id} message={one} />
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
