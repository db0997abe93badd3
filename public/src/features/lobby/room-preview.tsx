import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PreviewMessageDto, RoomPreviewDto } from "../../../../utils/contract/schemas/previews.ts";
import { counted, recentOf, t } from "../../locales/index.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { UserAvatar } from "../people/person.tsx";
import { type RoomAddress, setOnlineCount } from "./lounges.ts";
import { type ShownPreview, watchRoomPreview } from "./previews.ts";

/** Returns a room's preview, kept up to date while the view is mounted. */
export function usePreview(roomId: string): ShownPreview {
  const shown = useSignal<ShownPreview>("loading");
  useEffect(() => {
    shown.value = "loading";
    return watchRoomPreview(roomId, shown);
  }, [roomId]);
  const preview = shown.value;
  useEffect(() => {
    if (typeof preview !== "string") setOnlineCount(roomId, preview.onlineCount);
  }, [preview]);
  return preview;
}

const isPreview = (shown: ShownPreview): shown is RoomPreviewDto => typeof shown !== "string";

/** Shows how many people are in the room. The preview updates the count; it takes one line in either case. */
export const PeopleInRoom = ({ place }: { place: RoomAddress }) =>
  place.room.onlineCount > 0 ? (
    <p class="join-here">
      <span class="online-dot" aria-hidden="true" />
      {counted("peopleHereNow", place.room.onlineCount)}
    </p>
  ) : (
    <p class="join-here">{t("noOneHere")}</p>
  );

const Line = ({ message }: { message: PreviewMessageDto }) => (
  <li class="now-line">
    <UserAvatar name={shownName(message.author)} color={message.author.avatarColor} size="sm" />
    <p class="now-head">
      <bdi>{shownName(message.author)}</bdi> <time dateTime={message.createdAt}>{recentOf(new Date(message.createdAt))}</time>
    </p>
    <p class="now-text" dir="auto" lang={message.languageCode ?? undefined}>
      {message.text}
    </p>
  </li>
);

/** Shows a room's latest messages to visitors who have not joined. Its height is fixed, so that nothing moves when they load. */
export const ConversationNow = ({ shown }: { shown: ShownPreview }) => (
  <section class="now" aria-label={t("happeningNow")}>
    {isPreview(shown) && shown.messages.length > 0 && (
      // The key changes with every update: lines that swap positions would count as a layout shift.
      <ol key={shown.messages.map(({ seq }) => seq).join()}>
        {shown.messages.map((message) => (
          <Line key={message.seq} message={message} />
        ))}
      </ol>
    )}
    {isPreview(shown) && shown.messages.length === 0 && <p class="now-empty">{t("noMessagesYet")}</p>}
    {shown === "failed" && <p class="now-empty">{t("conversationHidden")}</p>}
  </section>
);
