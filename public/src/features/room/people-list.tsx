import { Check, Link2 } from "lucide";
import { isLive } from "../../../../utils/client/rooms/room-log.ts";
import type { MemberDto } from "../../../../utils/contract/schemas/rooms.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { counted, number, t } from "../../locales/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { Skeleton } from "../../shared/ui/skeleton.tsx";
import { useCopy } from "../../shared/ui/use-copy.ts";
import { Avatar, Mark, PersonName } from "../people/person.tsx";
import { currentUser } from "../session/session.ts";
import type { OpenRoom } from "./open-room.ts";

const Person = ({ who }: { who: MemberDto }) => (
  <li class={`person person-${who.status}`}>
    <span class="person-face">
      <Avatar who={who} size="sm" />
      <span class="person-dot" aria-hidden="true" />
    </span>
    <PersonName who={who} look="person-name" />
    {who.id === currentUser.value?.id && <span class="person-you">{t("you")}</span>}
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
  const { isCopied, copy } = useCopy();
  return (
    <button type="button" class="button button-quiet" onClick={() => copy(location.href)}>
      <Icon icon={isCopied ? Check : Link2} size={16} />
      <span role="status">{isCopied ? t("copied") : t("copyLink")}</span>
    </button>
  );
}

const LATELY_MAX = 10;

/** Returns the authors of the latest loaded messages, without those online, most recent first. */
function latelyIn({ log, people }: OpenRoom): AuthorDto[] {
  const here = new Set([...people.list.value.map(({ id }) => id), currentUser.value?.id]);
  const found = new Map<string, AuthorDto>();
  const { items } = log.value;
  for (let at = items.length - 1; at >= 0 && found.size < LATELY_MAX; at -= 1) {
    const message = items[at];
    if (message && isLive(message) && !here.has(message.author.id) && !found.has(message.author.id))
      found.set(message.author.id, message.author);
  }
  return [...found.values()];
}

/** Lists the users in the room. Above a limit the server sends only some of the names: the rest are counted. */
export function PeopleList({ room }: { room: OpenRoom }) {
  const list = room.people.list.value;
  const unnamed = Math.max(0, room.people.onlineCount.value - list.length);
  if (list.length === 0 && room.phase.value === "entering") return <Skeleton lines={4} />;
  return (
    <div class="people">
      <Group title={t("online")} people={list.filter((who) => who.status === "online")} />
      <Group title={t("away")} people={list.filter((who) => who.status === "away")} />
      {unnamed > 0 && <p class="people-more">{counted("morePeople", unnamed)}</p>}
      {unnamed === 0 && <Group title={t("recentlyHere")} people={latelyIn(room).map((who) => ({ ...who, status: "offline" as const }))} />}
      {list.length <= 1 && unnamed === 0 && <p class="people-alone">{t("onlyYou")}</p>}
      <ShareLink />
    </div>
  );
}
