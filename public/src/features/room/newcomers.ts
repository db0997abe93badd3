import { type ReadonlySignal, signal } from "@preact/signals";
import type { ServerEventPayload } from "../../../../utils/contract/events.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { currentUser } from "../session/session.ts";

const SHOWN_MS = 60_000;
/** Maximum number of newcomers kept; beyond that, as in a raid, only the count matters. */
const REMEMBERED = 200;

export type Newcomers = {
  /** Users who entered the room for the first time within the last minute and were not greeted yet; newest first. */
  readonly list: ReadonlySignal<readonly AuthorDto[]>;
  /** Removes a user from the list for good. */
  done(userId: string): void;
  close(): void;
};

/** Users greeted by the current user in this tab: each newcomer at most once, in any room. */
const greeted = new Set<string>();

/** Tracks a room's newcomers for a minute each. Many of one event cause one change of the list and one timer. */
export function newcomersOf(roomId: string): Newcomers {
  const list = signal<readonly AuthorDto[]>([]);
  let fades: ReturnType<typeof setTimeout> | undefined;

  const joined = ({ users, newcomerIds = [], ...event }: ServerEventPayload<"user_joined">): void => {
    if (event.roomId !== roomId || newcomerIds.length === 0) return;
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
    onServerEvent("user_left", ({ users, ...event }) => event.roomId === roomId && without(new Set(users.map(({ id }) => id)))),
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
