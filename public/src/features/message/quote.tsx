import { CornerUpLeft } from "lucide";
import type { ReplyToDto } from "../../../../utils/contract/schemas/messages.ts";
import { tt } from "../../locales/room/index.ts";
import { previewOf } from "../../shared/text/preview.ts";
import { shownName } from "../../shared/text/shown-name.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { useConversationParts } from "./context.ts";
import { jumpTo } from "./jump.ts";

/** Renders the quoted message above a reply; a click goes there. For a deleted message it only says so. */
export function Quote({ replyTo }: { replyTo: ReplyToDto }) {
  const parts = useConversationParts();
  if (replyTo.authorName === null || replyTo.excerpt === null)
    return (
      <span class="message-quote message-quote-gone">
        <Icon icon={CornerUpLeft} size={14} />
        {tt("replyGone")}
      </span>
    );
  const name = shownName({ displayName: replyTo.authorName });
  return (
    <button type="button" class="message-quote" title={tt("goTo")} onClick={() => void jumpTo(parts, replyTo)}>
      <Icon icon={CornerUpLeft} size={14} />
      <span class="sr-only">{tt("inReplyTo", { name })}: </span>
      <bdi class="message-quote-author" aria-hidden="true">
        {name}
      </bdi>
      <bdi class="message-quote-text">{previewOf(replyTo.excerpt)}</bdi>
    </button>
  );
}
