import { countedRoomText, tt } from "../../locales/room/index.ts";
import { Avatar, Mark } from "../people/person.tsx";
import type { Completion, Suggestion } from "./use-completion.ts";

export const COMPLETION = "completion";

export const optionId = ({ key }: Suggestion): string => `${COMPLETION}-${key}`;

type OptionProps = { one: Suggestion; isMarked: boolean; onMark: () => void; onPick: () => void };

function Option({ one, isMarked, onMark, onPick }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; aria-activedescendant points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
    <li
      id={optionId(one)}
      role="option"
      aria-selected={isMarked}
      class="completion-option"
      onPointerMove={onMark}
      onPointerDown={(event) => event.preventDefault()}
      onClick={onPick}
    >
      {one.person ? <Avatar who={one.person} size="sm" /> : <span class="completion-emoji">{one.label}</span>}
      {one.person && <bdi class="completion-name">{one.label}</bdi>}
      <bdi class={one.person ? "completion-detail" : "completion-name"}>{one.detail}</bdi>
      {one.person && <Mark who={one.person} />}
    </li>
  );
}

/** Renders the completion list: announced to screen readers and shown above the field. */
export function CompletionList({ completion }: { completion: Completion }) {
  const { list, at, kind } = completion;
  return (
    <>
      <span class="sr-only" role="status">
        {list.length > 0 ? countedRoomText("suggestions", list.length) : ""}
      </span>
      {kind && (
        <ul id={COMPLETION} class="completion" role="listbox" aria-label={tt(kind === "people" ? "peopleList" : "emojiList")}>
          {list.map((one, place) => (
            <Option
              key={one.key}
              one={one}
              isMarked={place === at}
              onMark={() => completion.mark(place)}
              onPick={() => completion.pick(one)}
            />
          ))}
        </ul>
      )}
    </>
  );
}
