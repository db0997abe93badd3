import type { LoungeDto } from "../../../../utils/contract/schemas/lounges.ts";
import { recentOf, t } from "../../locales/index.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { UserAvatar } from "../people/person.tsx";
import { languageName } from "./lounges.ts";
import { loungePreviews } from "./previews.ts";

/**
 * Shows the newest message of the most active room with its author. The space is reserved, so that nothing moves when it loads. Only
 * lounges that are open to everyone have one.
 */
export function LoungeItem({ lounge }: { lounge: LoungeDto }) {
  if (lounge.accessLevel !== "open") return null;
  const line = loungePreviews.value?.get(lounge.id);
  const room = line && lounge.rooms.find(({ id }) => id === line.roomId);
  if (!line || !room) return <p class="lounge-line lounge-line-empty">{loungePreviews.value && t("noMessagesYet")}</p>;
  const { author, createdAt, languageCode, text } = line.message;
  return (
    <div class="lounge-line">
      <UserAvatar name={shownName(author)} color={author.avatarColor} size="sm" />
      <p class="lounge-line-head">
        <bdi class="lounge-line-name">{shownName(author)}</bdi>
        <span>
          <bdi lang={room.languageCode ?? undefined}>{languageName(room)}</bdi>
          {" · "}
          <time dateTime={createdAt}>{recentOf(new Date(createdAt))}</time>
        </span>
      </p>
      <p class="lounge-line-text" dir="auto" lang={languageCode ?? undefined}>
        {text}
      </p>
    </div>
  );
}
