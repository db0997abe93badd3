import { useEffect, useState } from "preact/hooks";
import type { LiveMessageDto } from "../../../../utils/contract/schemas/messages.ts";
import { type Answer, ApiError, ask, toApiError } from "../../api.ts";
import { explain, formatTime } from "../../locales/index.ts";
import { tt } from "../../locales/room/index.ts";
import { MessageText } from "../../shared/text/message-text.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";

type Found = Answer<"listVersions">["items"];

const momentWords = (replacedAt: string | null): string =>
  replacedAt ? tt("historyUntil", { time: formatTime(new Date(replacedAt)) }) : tt("historyNow");

/** Shows the previous versions of a message, newest first, to its author and to staff. */
export function Versions({ message }: { message: LiveMessageDto }) {
  const [found, setFound] = useState<Found | ApiError | null>(null);
  useEffect(() => {
    const path = `/api/chatroom/messages/${message.id}/history`;
    void ask("listVersions", path, { bearer: true })
      .then(({ items }) => items, toApiError)
      .then(setFound);
  }, [message.id]);
  if (found === null) return <Skeleton lines={3} />;
  if (found instanceof ApiError)
    return (
      <p class="part-failed" role="alert">
        {tt("historyFailed")} {explain(found.code)}
      </p>
    );
  const newestFirst = [...found].sort((a, b) => b.version - a.version);
  return (
    <ol class="versions">
      {newestFirst.map(({ version, text, replacedAt }) => (
        <li key={version} class="version">
          <p class="version-when">{momentWords(replacedAt)}</p>
          <MessageText text={text} language={message.languageCode} mentions={message.mentions} />
        </li>
      ))}
    </ol>
  );
}
