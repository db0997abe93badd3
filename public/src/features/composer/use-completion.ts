import { useEffect, useRef, useState } from "preact/hooks";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { ask } from "../../api.ts";
import { cacheUsers } from "../people/user-cache.ts";
import type { OpenRoom } from "../room/open-room.ts";
import { currentUser } from "../session/session.ts";
import { type Begun, begunIn, completed, peopleNamed } from "./completion.ts";
import { recordMention } from "./drafts.ts";

export type Suggestion = { key: string; instead: string; label: string; detail: string; person: AuthorDto | null };

const MOST = 8;
const PAUSE_MS = 250;

/** Somebody here goes by name, and by id on the way; whoever was looked up has a username for all to read. */
const ofPerson = (person: AuthorDto, username: string | null): Suggestion => ({
  ...{ key: person.id, person, label: person.displayName, detail: username ? `@${username}` : "" },
  instead: username ? `@${username}` : `@${person.displayName}`,
});

async function emojiFor(wanted: string): Promise<Suggestion[]> {
  const { findEmoji } = await import("../../emoji/search.ts");
  return findEmoji(wanted, MOST).map(({ emoji, name }) => ({ key: emoji, instead: emoji, label: emoji, detail: name, person: null }));
}

async function membersFor(wanted: string): Promise<Suggestion[]> {
  const query = `/api/users?query=${encodeURIComponent(wanted)}&limit=${MOST}`;
  const { items } = await ask("findUsers", query, { bearer: true });
  cacheUsers(items);
  return items.filter((one) => one.id !== currentUser.peek()?.id).map((one) => ofPerson(one, one.username));
}

/** What can finish what is being written: people who are here, then everybody; or emoji. */
function useSuggestions(room: OpenRoom, begun: Begun | null): readonly Suggestion[] {
  const [found, setFound] = useState<readonly Suggestion[]>([]);
  const kind = begun?.kind;
  const wanted = begun?.wanted ?? "";
  useEffect(() => {
    if (kind === undefined) return setFound([]);
    let isOld = false;
    const show = (list: readonly Suggestion[]) => {
      if (!isOld) setFound(list.slice(0, MOST));
    };
    if (kind === "emoji") void emojiFor(wanted).then(show, () => show([]));
    else {
      const near = peopleNamed(room.people.list.peek(), wanted, currentUser.peek()?.id ?? null).map((one) => ofPerson(one, null));
      show(near);
      if (wanted.length < 2 || near.length >= MOST) return;
      const merge = (more: Suggestion[]) => {
        const usernames = new Map(more.map((one) => [one.key, one]));
        const known = new Set(near.map(({ key }) => key));
        show([...near.map((one) => usernames.get(one.key) ?? one), ...more.filter(({ key }) => !known.has(key))]);
      };
      const timer = setTimeout(() => void membersFor(wanted).then(merge, () => undefined), PAUSE_MS);
      return () => {
        isOld = true;
        clearTimeout(timer);
      };
    }
    return () => {
      isOld = true;
    };
  }, [kind, wanted]);
  return begun ? found : [];
}

export type Completion = {
  readonly kind: Begun["kind"] | null;
  readonly list: readonly Suggestion[];
  readonly at: number;
  /** Looks at what stands before the caret. */
  look(field: HTMLTextAreaElement): void;
  /** Whether the key was the list's. */
  onKey(event: KeyboardEvent): boolean;
  /** Marks what the pointer is on: the one that Enter takes, too. */
  mark(place: number): void;
  pick(suggestion: Suggestion): void;
  close(): void;
};

/** The list under the caret: arrows walk it, Enter and Tab take what is marked, Esc leaves the text alone. */
export function useCompletion(room: OpenRoom, write: (text: string, caret: number) => void): Completion {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [at, setAt] = useState(0);
  const left = useRef<number | null>(null);
  const text = useRef("");
  const list = useSuggestions(room, begun);
  const marked = Math.min(at, Math.max(0, list.length - 1));

  const close = () => setBegun(null);
  const pick = (suggestion: Suggestion) => {
    if (!begun) return;
    const next = completed(text.current, begun, suggestion.instead);
    if (suggestion.person && suggestion.detail === "") recordMention(room.roomId, suggestion.instead, suggestion.person.id);
    close();
    write(next.text, next.caret);
  };
  return {
    kind: list.length > 0 ? (begun?.kind ?? null) : null,
    list,
    at: marked,
    mark: setAt,
    pick,
    close,
    look: (field) => {
      text.current = field.value;
      const next = field.selectionStart === field.selectionEnd ? begunIn(field.value, field.selectionStart) : null;
      if (next?.from !== left.current) left.current = null;
      if (next?.from !== begun?.from || next?.wanted !== begun?.wanted) setAt(0);
      setBegun(next && next.from !== left.current ? next : null);
    },
    onKey: (event) => {
      if (
        list.length === 0 ||
        event.isComposing ||
        event.keyCode === 229 ||
        event.shiftKey ||
        event.altKey ||
        event.ctrlKey ||
        event.metaKey
      )
        return false;
      const chosen = list[marked];
      if (event.key === "ArrowDown") setAt((marked + 1) % list.length);
      else if (event.key === "ArrowUp") setAt((marked - 1 + list.length) % list.length);
      else if ((event.key === "Enter" || event.key === "Tab") && chosen) pick(chosen);
      else if (event.key === "Escape") {
        left.current = begun?.from ?? null;
        close();
      } else return false;
      event.preventDefault();
      event.stopPropagation();
      return true;
    },
  };
}
