import { computed, signal } from "@preact/signals";
import type { ServerEventPayload } from "../../../../utils/contract/events.ts";
import { limits } from "../../../../utils/contract/limits.ts";
import type { JoinedDto, MemberDto } from "../../../../utils/contract/schemas/rooms.ts";
import type { AuthorDto } from "../../../../utils/contract/schemas/users.ts";
import { compareNames } from "../../locales/intl.ts";
import { onServerEvent } from "../../shared/connection/server-events.ts";
import { cacheUsers } from "../people/user-cache.ts";
import { currentUser } from "../session/session.ts";

export type Movement = { joined: readonly string[]; left: readonly string[] };
const still: Movement = { joined: [], left: [] };
const SHOWN_MS = 4_000;

/** Tracks a room's occupancy by its events from the moment of entering. */
export function peopleOf(roomId: string) {
  const byId = signal<ReadonlyMap<string, MemberDto>>(new Map());
  const onlineCount = signal(0);
  const typing = signal<readonly AuthorDto[]>([]);
  const movement = signal<Movement>(still);
  let typingDies: ReturnType<typeof setTimeout> | undefined;
  let movementDies: ReturnType<typeof setTimeout> | undefined;

  const show = (change: Partial<Movement>): void => {
    const was = movement.value;
    movement.value = { joined: [...was.joined, ...(change.joined ?? [])], left: [...was.left, ...(change.left ?? [])] };
    clearTimeout(movementDies);
    movementDies = setTimeout(() => {
      movement.value = still;
    }, SHOWN_MS);
  };

  const joined = ({ users, newcomerIds = [], ...event }: ServerEventPayload<"user_joined">): void => {
    if (event.roomId !== roomId) return;
    onlineCount.value = event.onlineCount;
    cacheUsers(users);
    const fresh = users.filter((user) => !byId.value.has(user.id) && user.id !== currentUser.value?.id);
    byId.value = new Map([...byId.value, ...users.map((user) => [user.id, user] as const)]);
    // Newcomers are shown separately.
    const known = fresh.filter(({ id }) => !newcomerIds.includes(id));
    if (known.length > 0) show({ joined: known.map((user) => user.displayName) });
  };

  const left = ({ users, ...event }: ServerEventPayload<"user_left">): void => {
    if (event.roomId !== roomId) return;
    onlineCount.value = event.onlineCount;
    const gone = new Set(users.map((user) => user.id));
    byId.value = new Map([...byId.value].filter(([id]) => !gone.has(id)));
    typing.value = typing.value.filter((user) => !gone.has(user.id));
    if (users.length > 0) show({ left: users.map((user) => user.displayName) });
  };

  const wrote = ({ users, ...event }: ServerEventPayload<"user_typing">): void => {
    if (event.roomId !== roomId) return;
    typing.value = users.filter((user) => user.id !== currentUser.value?.id);
    clearTimeout(typingDies);
    typingDies = setTimeout(() => {
      typing.value = [];
    }, limits.typingMs);
  };

  const moved = ({ users }: ServerEventPayload<"presence_changed">): void => {
    const next = new Map(byId.value);
    for (const { id, status } of users) {
      const known = next.get(id);
      if (!known) continue;
      if (status === "offline") next.delete(id);
      else next.set(id, { ...known, status });
    }
    byId.value = next;
  };

  const renamed = ({ user }: ServerEventPayload<"user_changed">): void => {
    cacheUsers([user]);
    const known = byId.value.get(user.id);
    if (known) byId.value = new Map([...byId.value, [user.id, { ...known, ...user }]]);
    if (typing.value.some((one) => one.id === user.id)) typing.value = typing.value.map((one) => (one.id === user.id ? user : one));
  };

  const stops = [
    onServerEvent("user_joined", joined),
    onServerEvent("user_left", left),
    onServerEvent("user_typing", wrote),
    onServerEvent("presence_changed", moved),
    onServerEvent("user_changed", renamed),
  ];

  return {
    list: computed(() => [...byId.value.values()].sort((a, b) => compareNames(a.displayName, b.displayName))),
    onlineCount,
    typing,
    movement,
    /** Removes users from the typing list when their message arrives. */
    hasWritten: (ids: ReadonlySet<string>): void => {
      if (typing.value.some((user) => ids.has(user.id))) typing.value = typing.value.filter((user) => !ids.has(user.id));
    },
    reset: ({ members }: JoinedDto): void => {
      byId.value = new Map(members.users.filter((user) => user.status !== "offline").map((user) => [user.id, user]));
      onlineCount.value = members.onlineCount;
      typing.value = [];
    },
    close: (): void => {
      clearTimeout(typingDies);
      clearTimeout(movementDies);
      for (const stop of stops) stop();
    },
  };
}

export type People = ReturnType<typeof peopleOf>;
