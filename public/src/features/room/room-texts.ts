import { ti } from "../../locales/inbox/index.ts";
import { t } from "../../locales/index.ts";
import { conversationOf } from "../inbox/inbox.ts";

/** Returns a room's labels; for a conversation, with its members' names. */
export function roomTexts(roomId: string, name: string) {
  const conversation = conversationOf(roomId);
  if (!conversation)
    return {
      log: t("log", { room: name }),
      composer: t("composer", { room: name }),
      hint: t("composerHint", { room: name }),
      begin: t("begin", { room: name }),
      beginHint: t("beginHint"),
    };
  return {
    log: ti("log", { name }),
    composer: ti("composer", { name }),
    hint: ti("composerHint", { name }),
    begin: ti(conversation.kind === "group" ? "beginGroup" : "begin", { name }),
    beginHint: ti("beginHint"),
  };
}
