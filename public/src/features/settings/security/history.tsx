import { useEffect, useState } from "preact/hooks";
import type { SecurityEventDto } from "../../../../../utils/contract/schemas/privacy.ts";
import { type AccountKey, en } from "../../../locales/account/en.ts";
import { ta } from "../../../locales/account/index.ts";
import { exactTime, formatTime } from "../../../locales/index.ts";
import { Trouble } from "../../../shared/ui/form.tsx";
import { useAction } from "../../../shared/ui/use-action.ts";
import { me } from "../../session/me.ts";
import { listHistory } from "../../session/my-account.ts";
import { Section } from "../section.tsx";
import { deviceTexts } from "./devices.tsx";

const keyOf = (action: string): AccountKey => {
  const key = `did_${action}`;
  return key in en.phrases ? (key as AccountKey) : "did_other";
};

const Entry = ({ event }: { event: SecurityEventDto }) => (
  <li class="event">
    <span class="event-what">{ta(keyOf(event.action))}</span>
    <span class="event-where">{event.isCurrentSession ? ta("thisDevice") : event.device ? deviceTexts(event.device) : ""}</span>
    <time dateTime={event.at} title={exactTime(new Date(event.at))}>
      {formatTime(new Date(event.at))}
    </time>
  </li>
);

/** Lists the security events of the account. */
export function History() {
  const [events, setEvents] = useState<readonly SecurityEventDto[]>([]);
  const [cursor, setCursor] = useState<string | null>(null);
  const more = useAction(async (from: string | null) => {
    const page = await listHistory(from);
    setEvents((known) => (from ? [...known, ...page.items] : page.items));
    setCursor(page.nextCursor);
  });
  // The last change to the account is the newest entry.
  useEffect(() => void more.act(null), [me.value]);
  return (
    <Section id="history" title={ta("history")} text={ta("historyText")}>
      <ol class="events">
        {events.map((event) => (
          <Entry key={event.id} event={event} />
        ))}
      </ol>
      <Trouble refusal={more.refusal} />
      {cursor && (
        <button type="button" class="button button-quiet" aria-disabled={more.isBusy} onClick={() => void more.act(cursor)}>
          {ta("historyMore")}
        </button>
      )}
    </Section>
  );
}
