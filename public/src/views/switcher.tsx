import { Search } from "lucide";
import { useState } from "preact/hooks";
import { t } from "../locales/index.ts";
import { Count } from "../parts/count.tsx";
import { Icon } from "../parts/icon.tsx";
import { Panel } from "../parts/panel.tsx";
import { languageName, openPlaces, type Place } from "../state/lounges.ts";
import { hasUnread } from "../state/reading.ts";
import { go, roomPath } from "../state/route.ts";
import { showing } from "../state/showing.ts";

const MOST = 60;
const close = (): void => {
  showing.value = null;
};
const plain = (text: string): string => text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase();

const wordsFor = ({ lounge, room }: Place): string =>
  plain([languageName(room), room.name, lounge.name, room.languageCode, room.topic].join(" "));

const found = (wanted: string): Place[] => {
  const parts = plain(wanted).split(/\s+/).filter(Boolean);
  return openPlaces.value.filter((place) => parts.every((part) => wordsFor(place).includes(part))).slice(0, MOST);
};

function Option({ place, isActive }: { place: Place; isActive: boolean }) {
  const { lounge, room } = place;
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; aria-activedescendant points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field hears the keys
    <li
      id={`place-${room.id}`}
      role="option"
      aria-selected={isActive}
      class="switcher-option lounge-hued"
      style={{ "--lounge": lounge.iconColor }}
      onClick={() => open(place)}
    >
      <span class="rail-lounge-dot" aria-hidden="true" />
      <bdi class="switcher-name" lang={room.languageCode ?? undefined}>
        {languageName(room)}
      </bdi>
      <bdi class="switcher-lounge">{lounge.name}</bdi>
      {hasUnread(room) && <span class="switcher-unread">{t("unread")}</span>}
      <Count people={room.onlineCount} look="rail-count" />
    </li>
  );
}

function open({ lounge, room }: Place): void {
  close();
  go(roomPath(lounge.slug, room.languageCode ?? ""));
}

/** Every room behind one field: type, arrow, Enter. */
export function Switcher() {
  const [wanted, setWanted] = useState("");
  const [at, setAt] = useState(0);
  const places = found(wanted);
  const active = places[Math.min(at, places.length - 1)];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0) {
      event.preventDefault();
      const next = (at + step + places.length) % Math.max(1, places.length);
      setAt(next);
      document.getElementById(`place-${places[next]?.room.id}`)?.scrollIntoView({ block: "nearest" });
    }
    if (event.key === "Enter" && !event.isComposing && active) open(active);
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
          aria-label={t("switcherHint")}
          placeholder={t("switcherHint")}
          autocomplete="off"
          value={wanted}
          {...(active ? { "aria-activedescendant": `place-${active.room.id}` } : {})}
          onInput={(event) => {
            setWanted(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      {places.length === 0 && (
        <p class="switcher-none" role="status">
          {t("switcherNone")}
        </p>
      )}
      <ul id="places" role="listbox" aria-label={t("rooms")} class="switcher-list">
        {places.map((place) => (
          <Option key={place.room.id} place={place} isActive={place === active} />
        ))}
      </ul>
    </Panel>
  );
}
