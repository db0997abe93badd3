import { Search } from "lucide";
import { useEffect, useRef, useState } from "preact/hooks";
import { type Emoji, findEmoji, groupsOfEmoji, nameOfEmoji } from "../../../emoji/search.ts";
import { tt } from "../../../locales/room/index.ts";
import { isTouch } from "../../../shared/state/settings.ts";
import { Icon } from "../../../shared/ui/icon.tsx";
import { lastUsed } from "./recent-emoji.ts";

type Pick = (emoji: string) => void;

const Button = ({ one, onPick }: { one: Emoji; onPick: Pick }) => (
  <button type="button" class="emoji-button" aria-label={one.name} title={one.name} onClick={() => onPick(one.emoji)}>
    {one.emoji}
  </button>
);

function Group({ title, emoji, onPick }: { title: string; emoji: readonly Emoji[]; onPick: Pick }) {
  return (
    <section>
      <h3 class="emoji-title">{title}</h3>
      <div class="emoji-grid">
        {emoji.map((one) => (
          <Button key={one.emoji} one={one} onPick={onPick} />
        ))}
      </div>
    </section>
  );
}

/** Moves the focus in the emoji grid by arrow keys: up and down to the nearest button in the next row. */
function walkGrid(event: KeyboardEvent): void {
  if (!(event.currentTarget instanceof HTMLElement)) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>(".emoji-button")];
  const at = all.findIndex((one) => one.matches(":focus"));
  const here = all[at]?.getBoundingClientRect();
  const isRtl = document.documentElement.dir === "rtl";
  const next = (): HTMLElement | undefined => {
    if (event.key === "ArrowRight") return all[at + (isRtl ? -1 : 1)];
    if (event.key === "ArrowLeft") return all[at + (isRtl ? 1 : -1)];
    if (event.key === "ArrowDown" && !here) return all[0];
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return undefined;
    const isDown = event.key === "ArrowDown";
    const ahead = isDown ? all.slice(at + 1) : all.slice(0, Math.max(0, at)).reverse();
    const beyond = ahead.filter((one) => Math.abs(one.getBoundingClientRect().top - (here?.top ?? 0)) > 4);
    const row = beyond.filter((one) => Math.abs(one.getBoundingClientRect().top - (beyond[0]?.getBoundingClientRect().top ?? 0)) < 4);
    const distance = (one: HTMLElement) => Math.abs(one.getBoundingClientRect().left - (here?.left ?? 0));
    return row.sort((a, b) => distance(a) - distance(b))[0];
  };
  const target = next();
  const isTyping = document.activeElement instanceof HTMLInputElement;
  if (isTyping && event.key !== "ArrowDown") return;
  if (!target) {
    if (event.key === "ArrowUp" && !isTyping) event.currentTarget.querySelector("input")?.focus();
    return;
  }
  event.preventDefault();
  target.focus();
}

/** Renders a lightweight emoji picker: search by name in the interface language, or browse by group. */
export function EmojiPicker({ onPick }: { onPick: Pick }) {
  const [wanted, setWanted] = useState("");
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (!isTouch.peek()) field.current?.focus();
  }, []);
  const found = wanted.trim() === "" ? null : findEmoji(wanted);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrows only move the focus among the buttons in it
    <div class="emoji" onKeyDown={walkGrid}>
      <div class="switcher-field emoji-field">
        <Icon icon={Search} size={16} />
        <input
          ref={field}
          type="search"
          aria-label={tt("emojiSearch")}
          placeholder={tt("emojiSearch")}
          autocomplete="off"
          value={wanted}
          onInput={(event) => setWanted(event.currentTarget.value)}
          onKeyDown={(event) => {
            const [first] = found ?? [];
            if (event.key !== "Enter" || event.isComposing || !first) return;
            event.preventDefault();
            onPick(first.emoji);
          }}
        />
      </div>
      <div class="emoji-list">
        {found?.length === 0 && (
          <p class="emoji-none" role="status">
            {tt("noEmoji")}
          </p>
        )}
        {found && found.length > 0 && <Group title={tt("emojiList")} emoji={found} onPick={onPick} />}
        {!found && (
          <Group
            title={tt("recentEmoji")}
            emoji={lastUsed.value.map((emoji) => ({ emoji, name: nameOfEmoji(emoji), words: "" }))}
            onPick={onPick}
          />
        )}
        {!found && groupsOfEmoji().map(({ group, emoji }) => <Group key={group} title={tt(group)} emoji={emoji} onPick={onPick} />)}
      </div>
    </div>
  );
}
