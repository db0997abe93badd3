import { CircleSlash, Hourglass } from "lucide";
import type { HeldMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { tt } from "../../locales/room/index.ts";
import { MessageText } from "../../shared/text/message-text.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Head, MessageTime } from "./head.tsx";
import { Quote } from "./quote.tsx";

/** Renders the user's own message that only they see: it awaits review, or was rejected. */
export function InReviewRow({ message, isHead }: { message: HeldMessageDto; isHead: boolean }) {
  const { author, clientMessageId, languageCode, mentions, moderation, replyTo, text } = message;
  const isRefused = moderation === "removed";
  return (
    <li
      class={`message message-pending ${isHead ? "message-first" : ""}`}
      data-row={`${author.id}:${clientMessageId}`}
      data-state={isRefused ? "refused" : "held"}
      tabIndex={-1}
    >
      {replyTo && <Quote replyTo={replyTo} />}
      <Head who={author} isHead={isHead} />
      <MessageText text={text} language={languageCode} mentions={mentions} />
      <span class="message-when">
        <MessageTime at={new Date(message.createdAt)} />
      </span>
      <div class="message-more">
        <span class="message-way" role="status">
          <Icon icon={isRefused ? CircleSlash : Hourglass} size={12} />
          <span>{tt(isRefused ? "rejectedInReview" : "heldForReview")}</span>
        </span>
      </div>
    </li>
  );
}
