import { Check, Link2 } from "lucide";
import { useState } from "preact/hooks";
import type { MemberDto } from "../../../utils/contract/rooms.ts";
import { counted, number, t } from "../locales/index.ts";
import { Icon } from "../parts/icon.tsx";
import { Avatar, Mark, PersonName } from "../parts/person.tsx";
import type { OpenRoom } from "../state/room.ts";
import { myself } from "../state/session.ts";

const Person = ({ who }: { who: MemberDto }) => (
  <li class={`person person-${who.status}`}>
    <span class="person-face">
      <Avatar who={who} size="sm" />
      <span class="person-dot" aria-hidden="true" />
    </span>
    <PersonName who={who} look="person-name" />
    {who.id === myself.value?.id && <span class="person-you">{t("you")}</span>}
    <Mark who={who} />
  </li>
);

const Group = ({ title, people }: { title: string; people: readonly MemberDto[] }) =>
  people.length === 0 ? null : (
    <section>
      <h3 class="people-title">
        {title} <span>{number(people.length)}</span>
      </h3>
      <ul>
        {people.map((who) => (
          <Person key={who.id} who={who} />
        ))}
      </ul>
    </section>
  );

function ShareLink() {
  const [isCopied, setCopied] = useState(false);
  const copy = () =>
    void navigator.clipboard
      ?.writeText(location.href)
      .then(() => setCopied(true))
      .catch(() => undefined);
  return (
    <button type="button" class="button button-quiet" onClick={copy}>
      <Icon icon={isCopied ? Check : Link2} size={16} />
      <span role="status">{isCopied ? t("copied") : t("copyLink")}</span>
    </button>
  );
}

/** Who is in the room. Above a certain number the server names only some: the rest are counted. */
export function PeopleList({ room }: { room: OpenRoom }) {
  const list = room.people.list.value;
  const unnamed = Math.max(0, room.people.onlineCount.value - list.length);
  return (
    <div class="people">
      <Group title={t("online")} people={list.filter((who) => who.status === "online")} />
      <Group title={t("away")} people={list.filter((who) => who.status === "away")} />
      {unnamed > 0 && <p class="people-more">{counted("morePeople", unnamed)}</p>}
      {list.length <= 1 && unnamed === 0 && <p class="people-alone">{t("onlyYou")}</p>}
      <ShareLink />
    </div>
  );
}
