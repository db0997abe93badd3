import { Search } from "lucide";
import { useState } from "preact/hooks";
import type { ConversationDto } from "../../../utils/contract/conversations.ts";
import { explain, t } from "../locales/index.ts";
import { Badge } from "../parts/badge.tsx";
import { ConversationFace, nameOf } from "../parts/conversation-face.tsx";
import { Count } from "../parts/count.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { Avatar } from "../parts/person.tsx";
import { useAction } from "../parts/use-action.ts";
import { useFoundPeople } from "../parts/use-found-people.ts";
import { type Person, writeTo } from "../state/conversations.ts";
import { conversations, conversationWith } from "../state/inbox.ts";
import { languageName, openPlaces, type Place } from "../state/lounges.ts";
import { countOf, hasUnread } from "../state/reading.ts";
import { conversationPath, go, roomPath } from "../state/route.ts";
import { myself } from "../state/session.ts";
import { showing } from "../state/showing.ts";

type Target =
  | { kind: "place"; id: string; place: Place }
  | { kind: "talk"; id: string; talk: ConversationDto }
  | { kind: "person"; id: string; person: Person };

const MOST = 60;
const close = (): void => {
  showing.value = null;
};
const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

const wordsFor = ({ lounge, room }: Place): string => [languageName(room), room.name, lounge.name, room.languageCode, room.topic].join(" ");

/** Everything there is to go to: rooms, conversations, and people one has none with. */
function found(wanted: string, people: readonly Person[]): Target[] {
  const parts = plain(wanted).split(/\s+/).filter(Boolean);
  const fits = (words: string): boolean => parts.every((part) => plain(words).includes(part));
  const talks = conversations.value.filter((one) => fits(`${nameOf(one)} ${one.members.map((who) => who.displayName).join(" ")}`));
  const places = openPlaces.value.filter((place) => fits(wordsFor(place)));
  const others = people.filter((one) => !conversationWith(one.id));
  return [
    ...talks.slice(0, parts.length === 0 ? 5 : MOST).map((talk): Target => ({ kind: "talk", id: talk.id, talk })),
    ...places.slice(0, parts.length === 0 ? MOST : 20).map((place): Target => ({ kind: "place", id: place.room.id, place })),
    ...others.map((person): Target => ({ kind: "person", id: person.id, person })),
  ];
}

function Words({ target }: { target: Target }) {
  if (target.kind === "talk")
    return (
      <>
        <ConversationFace conversation={target.talk} size="sm" />
        <bdi class="switcher-name">{nameOf(target.talk)}</bdi>
        <span class="switcher-lounge">{t("messages")}</span>
        <Badge count={countOf(target.id)} label={t("unread")} look="badge-strong" />
      </>
    );
  if (target.kind === "person")
    return (
      <>
        <Avatar who={target.person} size="sm" />
        <bdi class="switcher-name">{target.person.displayName}</bdi>
        <bdi class="switcher-lounge" dir="ltr">
          {target.person.username ? `@${target.person.username}` : ""}
        </bdi>
      </>
    );
  const { lounge, room } = target.place;
  return (
    <>
      <span class="rail-lounge-dot" aria-hidden="true" />
      <bdi class="switcher-name" lang={room.languageCode ?? undefined}>
        {languageName(room)}
      </bdi>
      <bdi class="switcher-lounge">{lounge.name}</bdi>
      {hasUnread(room) && <span class="switcher-unread">{t("unread")}</span>}
      <Count people={room.onlineCount} look="rail-count" />
    </>
  );
}

type OptionProps = { target: Target; isActive: boolean; onOpen: () => void };

const Option = ({ target, isActive, onOpen }: OptionProps) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; aria-activedescendant points here
  // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
  <li
    id={`place-${target.id}`}
    role="option"
    aria-selected={isActive}
    class="switcher-option lounge-hued"
    {...(target.kind === "place" ? { style: { "--lounge": target.place.lounge.iconColor } } : {})}
    onClick={onOpen}
  >
    <Words target={target} />
  </li>
);

async function open(target: Target): Promise<void> {
  if (target.kind === "person") await writeTo(target.person);
  close();
  if (target.kind === "talk") go(conversationPath(target.id));
  if (target.kind === "place") go(roomPath(target.place.lounge.slug, target.place.room.languageCode ?? ""));
}

/** Every room, conversation and person behind one field: type, arrow, Enter. */
export function Switcher() {
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const isMember = myself.value !== null && myself.value.kind !== "guest";
  const { people } = useFoundPeople(isMember ? wanted : "", (id) => id === myself.value?.id);
  const going = useAction(open);
  const targets = found(wanted, people);
  const active = targets[Math.min(at, targets.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (at + step + targets.length) % Math.max(1, targets.length);
      setAt(next);
      document.getElementById(`place-${targets[next]?.id}`)?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && !event.isComposing && active) void going.act(active);
  };
  return (
    <Panel title={t("switcher")} kind="top" onClose={close}>
      <div class="switcher-field">
        <Icon icon={Search} size={18} />
        <input
          type="text"
          role="combobox"
          autofocus
          aria-expanded="true"
          aria-controls="places"
          aria-autocomplete="list"
          aria-label={isMember ? t("switcherHintAll") : t("switcherHint")}
          placeholder={isMember ? t("switcherHintAll") : t("switcherHint")}
          autocomplete="off"
          value={wanted}
          {...(active ? { "aria-activedescendant": `place-${active.id}` } : {})}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
            setAt(0);
            going.clear();
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <p class={targets.length === 0 || going.refusal ? "switcher-none" : "sr-only"} role="status">
        {going.refusal ? explain(going.refusal.code) : targets.length === 0 ? t("switcherNone") : ""}
      </p>
      <ul id="places" role="listbox" aria-label={t("switcher")} class="switcher-list">
        {targets.map((target) => (
          <Option key={target.id} target={target} isActive={target === active} onOpen={() => void going.act(target)} />
        ))}
      </ul>
    </Panel>
  );
}
