import { type ReadonlySignal, signal } from "@preact/signals";
import type { ServerEventPayload } from "../../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { currentUser } from "../session/session.ts";

const SHOWN_MS = 60_000;
/** So many are remembered; of more, as in a raid, only the number matters. */
const REMEMBERED = 200;

export type Newcomers = {
  /** Who came into the room for the first time within the last minute and was not greeted yet; the newest first. */
  readonly list: ReadonlySignal<readonly AuthorDto[]>;
  /** Takes somebody off the list for good. */
  done(userId: string): void;
  close(): void;
};

/** Whom the present person has greeted in this tab: each newcomer at most once, in whichever room. */
const greeted = new Set<string>();

/** Keeps who is new in a room, for a minute each. A crowd is one change of the list and one timer, not one a person. */
export function newcomersOf(roomId: string): Newcomers {
  const list = signal<readonly AuthorDto[]>([]);
  let fades: ReturnType<typeof setTimeout> | undefined;

  const joined = ({ users, newcomerIds = [], ...fact }: ServerEventPayload<"user_joined">): void => {
    if (fact.roomId !== roomId || newcomerIds.length === 0) return;
    const ids = new Set(newcomerIds.filter((id) => id !== currentUser.value?.id && !greeted.has(id)));
    const fresh = users.filter(({ id }) => ids.has(id));
    if (fresh.length === 0) return;
    list.value = [...fresh, ...list.value.filter(({ id }) => !ids.has(id))].slice(0, REMEMBERED);
    clearTimeout(fades);
    fades = setTimeout(() => {
      list.value = [];
    }, SHOWN_MS);
  };

  const without = (ids: ReadonlySet<string>): void => {
    if (list.value.some(({ id }) => ids.has(id))) list.value = list.value.filter(({ id }) => !ids.has(id));
  };

  const stops = [
    onServerEvent("user_joined", joined),
    onServerEvent("user_left", ({ users, ...fact }) => fact.roomId === roomId && without(new Set(users.map(({ id }) => id)))),
    onServerEvent("user_changed", ({ user }) => {
      if (list.value.some(({ id }) => id === user.id)) list.value = list.value.map((one) => (one.id === user.id ? user : one));
    }),
  ];

  return {
    list,
    done: (userId) => {
      greeted.add(userId);
      without(new Set([userId]));
    },
    close: () => {
      clearTimeout(fades);
      for (const stop of stops) stop();
    },
  };
}
