import { counted, t } from "../../locales/index.ts";
import { conjunction } from "../../locales/intl.ts";
import type { OpenRoom } from "./open-room.ts";

function typingWords(names: readonly string[]): string {
  const [name = "", other = ""] = names;
  if (names.length === 1) return t("typingOne", { name });
  if (names.length === 2) return t("typingTwo", { name, other });
  return names.length > 2 ? t("typingMany") : "";
}

/** Returns a short text about users who joined or left, with at most two names. */
export const gathered = (names: readonly string[], words: { few: "joined" | "left"; many: "othersJoined" | "othersLeft" }): string => {
  if (names.length === 0) return "";
  const list = conjunction(document.documentElement.lang);
  return names.length <= 2 ? t(words.few, { names: list.format(names) }) : counted(words.many, names.length - 1, { name: names[0] ?? "" });
};

/** Shows typing users below the messages, or who joined and left. */
export function RoomStatus({ room }: { room: OpenRoom }) {
  const { typing, movement } = room.people;
  const writing = typingWords(typing.value.map((one) => one.displayName));
  const { joined, left } = movement.value;
  const moves = [gathered(joined, { few: "joined", many: "othersJoined" }), gathered(left, { few: "left", many: "othersLeft" })]
    .filter(Boolean)
    .join(" · ");
  return (
    <p class="room-status">
      {writing && (
        <span class="typing-dots" aria-hidden="true">
          <i />
          <i />
          <i />
        </span>
      )}
      <span>{writing || moves}</span>
    </p>
  );
}
