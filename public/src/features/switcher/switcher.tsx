import { signal } from "@preact/signals";
import { Search } from "lucide";
import { useEffect, useState } from "preact/hooks";
import { explain, t } from "../../locales/index.ts";
import { afterPaint } from "../../shared/state/after-paint.ts";
import { showing } from "../../shared/state/dialogs.ts";
import { Badge } from "../../shared/ui/badge.tsx";
import { Count } from "../../shared/ui/count.tsx";
import { Icon } from "../../shared/ui/icon.tsx";
import { Panel } from "../../shared/ui/panel.tsx";
import { useAction } from "../../shared/ui/use-action.ts";
import { languageName } from "../lobby/lounges.ts";
import { ConversationAvatar, nameOf } from "../people/conversation-face.tsx";
import { Avatar } from "../people/person.tsx";
import { useFoundPeople } from "../people/use-found-people.ts";
import { currentUser } from "../session/session.ts";
import { countOf, hasUnread } from "../unread/unread.ts";
import { type Command, openTarget, type Target, targetsFor } from "./switcher-targets.ts";

/** Returns the commands, once their code and texts have loaded; null before that. */
const makeCommands = signal<(() => Command[]) | null>(null);

async function loadCommands(): Promise<void> {
  const { allCommands, loadCommandTexts } = await import("./switcher-commands.ts");
  await loadCommandTexts();
  makeCommands.value = allCommands;
}

const STEPS = [0, 14, Number.POSITIVE_INFINITY] as const;

const close = (): void => {
  showing.value = null;
};

function Words({ target }: { target: Target }) {
  if (target.kind === "command")
    return (
      <>
        <span class="switcher-sign">
          <Icon icon={target.command.icon} size={17} />
        </span>
        <span class="switcher-name">{target.command.label}</span>
      </>
    );
  if (target.kind === "conversation")
    return (
      <>
        <ConversationAvatar conversation={target.conversation} size="sm" />
        <bdi class="switcher-name">{nameOf(target.conversation)}</bdi>
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
      <span class="sidebar-lounge-dot" aria-hidden="true" />
      <bdi class="switcher-name" lang={room.languageCode ?? undefined}>
        {languageName(room)}
      </bdi>
      <bdi class="switcher-lounge">{lounge.name}</bdi>
      {hasUnread(room) && <span class="switcher-unread">{t("unread")}</span>}
      <Count people={room.onlineCount} look="sidebar-count" />
    </>
  );
}

type OptionProps = { target: Target; isActive: boolean; onPoint: () => void; onOpen: () => void };

const Option = ({ target, isActive, onPoint, onOpen }: OptionProps) => (
  // biome-ignore lint/a11y/useFocusableInteractive: the focus stays in the field; aria-activedescendant points here
  // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
  <li
    id={`place-${target.id}`}
    role="option"
    aria-selected={isActive}
    class="switcher-option lounge-hued"
    {...(target.kind === "place" ? { style: { "--lounge": target.place.lounge.iconColor } } : {})}
    onPointerMove={onPoint}
    onClick={onOpen}
  >
    <Words target={target} />
  </li>
);

/** Manages the targets for the input, and the one selected by key or pointer. */
function useTargets(wanted: string) {
  const [at, setAt] = useState(0);
  const isMember = currentUser.value !== null && currentUser.value.kind !== "guest";
  const { people } = useFoundPeople(isMember ? wanted : "", (id) => id === currentUser.value?.id);
  useEffect(() => void loadCommands().catch(() => undefined), []);
  const targets = targetsFor(wanted, people, makeCommands.value?.() ?? []);
  return { targets, active: targets[Math.min(at, targets.length - 1)], at, setAt };
}

/**
 * Returns how many targets are rendered: none in the first frame, so that the field appears immediately after the key press, then a
 * screenful, then all. Input and selection always apply to all.
 */
function useDrawn(): number {
  const [step, setStep] = useState(0);
  useEffect(() => (step < STEPS.length - 1 ? afterPaint(() => setStep(step + 1)) : undefined), [step]);
  return STEPS[step] ?? Number.POSITIVE_INFINITY;
}

/** Finds every room, conversation, user and command with one field: type, arrow keys, Enter. */
export function Switcher() {
  const [wanted, setWanted] = useState("");
  const { targets, active, at, setAt } = useTargets(wanted);
  const drawn = useDrawn();
  const going = useAction((target: Target) => openTarget(target, close));
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
  const isMember = currentUser.value !== null && currentUser.value.kind !== "guest";
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
          {...(active && at < drawn ? { "aria-activedescendant": `place-${active.id}` } : {})}
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
        {targets.slice(0, drawn).map((target, place) => (
          <Option
            key={target.id}
            target={target}
            isActive={target === active}
            onPoint={() => setAt(place)}
            onOpen={() => void going.act(target)}
          />
        ))}
      </ul>
    </Panel>
  );
}
