import "../../styles/form.css";
import { X } from "lucide";
import { useEffect, useId, useRef, useState } from "preact/hooks";
import { ti } from "../../locales/inbox/index.ts";
import { explain } from "../../locales/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import type { Person } from "../inbox/conversations.ts";
import { Avatar, Mark } from "./person.tsx";
import { useFoundPeople } from "./use-found-people.ts";

const Chosen = ({ who, onRemove }: { who: Person; onRemove: () => void }) => (
  <li class="picker-one">
    <Avatar who={who} size="sm" />
    <bdi>{who.displayName}</bdi>
    <button type="button" aria-label={ti("remove", { name: who.displayName })} onClick={onRemove}>
      <Icon icon={X} size={14} />
    </button>
  </li>
);

type PickerProps = {
  label: string;
  chosen: readonly Person[];
  onChange: (chosen: readonly Person[]) => void;
  leftOut: (id: string) => boolean;
  most: number;
  isFocused?: boolean;
};

/** Searches users by name and collects them: type, arrow keys, Enter; Backspace in the empty field removes the last one. */
export function PeoplePicker({ label, chosen, onChange, leftOut, most, isFocused = false }: PickerProps) {
  const [query, setQuery] = useState("");
  const [at, setAt] = useState(0);
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const { people, state } = useFoundPeople(query, (one) => leftOut(one) || chosen.some((other) => other.id === one));
  const shown = people.filter((one) => !chosen.some((other) => other.id === one.id));
  const active = shown[Math.min(at, shown.length - 1)];
  useEffect(() => {
    if (isFocused) field.current?.focus();
  }, []);
  const choose = (who: Person) => {
    onChange([...chosen, who].slice(-most));
    setQuery("");
    setAt(0);
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step !== 0 && shown.length > 0) {
      event.preventDefault();
      setAt((Math.min(at, shown.length - 1) + step + shown.length) % shown.length);
    }
    if (event.key === "Enter" && !event.isComposing && query.trim() !== "") {
      event.preventDefault();
      if (active) choose(active);
    }
    if (event.key === "Backspace" && query === "" && chosen.length > 0) onChange(chosen.slice(0, -1));
  };
  const words = state === "none" ? ti("noOneFound") : state === "looking" && shown.length === 0 ? ti("searching") : "";
  return (
    <div class="picker">
      <label class="form-label" for={`${id}-field`}>
        {label}
      </label>
      <div class="picker-box">
        {chosen.length > 0 && (
          <ul class="picker-chosen" aria-label={label}>
            {chosen.map((who) => (
              <Chosen key={who.id} who={who} onRemove={() => onChange(chosen.filter((one) => one !== who))} />
            ))}
          </ul>
        )}
        <input
          id={`${id}-field`}
          ref={field}
          type="text"
          role="combobox"
          dir="auto"
          aria-expanded={shown.length > 0}
          aria-controls={`${id}-list`}
          aria-autocomplete="list"
          autocomplete="off"
          spellcheck={false}
          placeholder={ti("toHint")}
          value={query}
          {...(active ? { "aria-activedescendant": `${id}-${active.id}` } : {})}
          onInput={(event) => {
            setQuery(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <ul id={`${id}-list`} role="listbox" aria-label={label} class="picker-list">
        {shown.map((who) => (
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; aria-activedescendant points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
          <li
            key={who.id}
            id={`${id}-${who.id}`}
            role="option"
            aria-selected={who === active}
            class="picker-option"
            onClick={() => choose(who)}
          >
            <Avatar who={who} size="sm" />
            <bdi class="picker-name">{who.displayName}</bdi>
            {who.username && (
              <bdi class="picker-username" dir="ltr">
                @{who.username}
              </bdi>
            )}
            <Mark who={who} />
          </li>
        ))}
      </ul>
      <p class="picker-none" role="status">
        {state !== "idle" && state !== "looking" && state !== "none" ? explain(state) : words}
      </p>
    </div>
  );
}
