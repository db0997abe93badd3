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

/** Room members are inserted by display name and sent by ID; users found by search have a username that everyone can read. */
const ofPerson = (person: AuthorDto, username: string | null): Suggestion => ({
  key: person.id,
  person,
  label: person.displayName,
  detail: username ? `@${username}` : "",
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

/** Returns the suggestions for the current token: users in the room first, then others; or emoji. */
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
  /** Reads the token before the caret. */
  look(field: HTMLTextAreaElement): void;
  /** Whether the list handled the key. */
  onKey(event: KeyboardEvent): boolean;
  /** Marks the suggestion under the pointer, which Enter then inserts. */
  mark(place: number): void;
  pick(suggestion: Suggestion): void;
  close(): void;
};

/** Manages the list at the caret: arrow keys move in it, Enter and Tab insert the marked suggestion, Esc leaves the text unchanged. */
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
