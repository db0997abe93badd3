import "../../styles/form.css";
import { AtSign, Volume2, VolumeX } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import type { RoomLevel } from "../../../../utils/contract/schemas/conversations.ts";
import { ti } from "../../locales/inbox/index.ts";
import { explain } from "../../locales/index.ts";
import { Icon } from "../../shared/ui/icon.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { setLevel } from "../inbox/conversations.ts";
import { readingOf } from "../unread/unread.ts";

/** No bell icons: those are for the notification center. */
const choices = [
  { level: "all", icon: Volume2, text: "levelAll", hint: "levelAllHint" },
  { level: "mentions", icon: AtSign, text: "levelMentions", hint: "levelMentionsHint" },
  { level: "mute", icon: VolumeX, text: "levelMute", hint: "levelMuteHint" },
] as const;

/** Closes on Esc, restoring the focus, and on a click or focus elsewhere. */
function useClosing(isOpen: boolean, close: () => void) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!isOpen) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      close();
      box.current?.querySelector("button")?.focus();
    };
    const onLeave = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) close();
    };
    window.addEventListener("keydown", onKey, true);
    for (const name of ["pointerdown", "focusin"]) document.addEventListener(name, onLeave);
    return () => {
      window.removeEventListener("keydown", onKey, true);
      for (const name of ["pointerdown", "focusin"]) document.removeEventListener(name, onLeave);
    };
  }, [isOpen]);
  return box;
}

const levelOf = (roomId: string): RoomLevel => readingOf(roomId)?.level ?? "all";

/** Renders the options. If several are on the page, `name` separates their radio groups. */
export function LevelChoice({ roomId, name }: { roomId: string; name: string }) {
  const change = useAction((level: RoomLevel) => setLevel(roomId, level));
  const level = levelOf(roomId);
  return (
    <fieldset class="level-choices">
      <legend>{ti("level")}</legend>
      {choices.map((choice) => (
        <label key={choice.level} class="level-choice">
          <input type="radio" name={name} class="sr-only" checked={choice.level === level} onChange={() => void change.act(choice.level)} />
          <Icon icon={choice.icon} size={17} />
          <span>
            {ti(choice.text)}
            <small>{ti(choice.hint)}</small>
          </span>
        </label>
      ))}
      <div role="alert">{change.refusal && <p class="form-trouble">{explain(change.refusal.code)}</p>}</div>
    </fieldset>
  );
}

/** Renders the menu for a room's notification level: every message, mentions, or nothing. */
export function LevelMenu({ roomId }: { roomId: string }) {
  const [isOpen, setOpen] = useState(false);
  const box = useClosing(isOpen, () => setOpen(false));
  const level = levelOf(roomId);
  const shown = choices.find((one) => one.level === level) ?? choices[0];
  useEffect(() => {
    if (isOpen) box.current?.querySelector<HTMLElement>("input:checked")?.focus();
  }, [isOpen]);
  return (
    <div class="level-box" ref={box}>
      <button
        type="button"
        class="icon-button"
        aria-label={`${ti("level")}: ${ti(shown.text)}`}
        title={`${ti("level")}: ${ti(shown.text)}`}
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
      >
        <Icon icon={shown.icon} size={19} />
      </button>
      {isOpen && (
        <div class="level-menu">
          <LevelChoice roomId={roomId} name="level" />
        </div>
      )}
    </div>
  );
}
