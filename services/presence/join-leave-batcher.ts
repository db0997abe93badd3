import { limits } from "../../utils/contract/limits.ts";
import type { AuthorDto } from "../../utils/contract/schemas/users.ts";
import type { Publisher } from "../realtime/publisher.ts";
import { shouldFlush } from "./flush-interval.ts";
import type { PresenceRegistry } from "./presence-registry.ts";

/** Batches joins and leaves: a join and leave between two flushes is never published. */
export type JoinLeaveBatcher = {
  /** `isNewcomer`: the person has never been in the room before, and others may want to greet them. */
  recordJoin(roomId: string, author: AuthorDto, visit?: { readonly isNewcomer: boolean }): void;
  recordLeave(roomId: string, author: AuthorDto): void;
  /** Publishes the batches, for large rooms less often; to be called every `gatherMs`. */
  flush(): void;
};

type PendingChanges = { came: Map<string, AuthorDto>; went: Map<string, AuthorDto>; newcomerIds: Set<string> };

export function createJoinLeaveBatcher(publish: Publisher, presence: PresenceRegistry): JoinLeaveBatcher {
  const rooms = new Map<string, PendingChanges>();
  let turn = 0;

  const pendingOf = (roomId: string): PendingChanges => {
    const room = rooms.get(roomId) ?? { came: new Map(), went: new Map(), newcomerIds: new Set() };
    rooms.set(roomId, room);
    return room;
  };

  /** Publishes only the count of rooms with more than `rosterPeople` people: names would be expensive and of little use there. */
  function publishCount(roomId: string, { came, went }: PendingChanges, onlineCount: number): void {
    if (came.size >= went.size) publish.userJoined({ roomId, users: [], onlineCount });
    else publish.userLeft({ roomId, users: [], onlineCount });
  }

  function publishChanges(roomId: string, changes: PendingChanges): void {
    if (changes.came.size + changes.went.size === 0) return;
    const onlineCount = presence.onlineCount(roomId);
    if (onlineCount > limits.rosterPeople) publishCount(roomId, changes, onlineCount);
    else publishNames(roomId, changes, onlineCount);
  }

  function publishNames(roomId: string, { came, went, newcomerIds }: PendingChanges, onlineCount: number): void {
    const statuses = new Map(came.size === 0 ? [] : presence.roster(roomId).map((member) => [member.id, member] as const));
    const users = [...came.keys()].flatMap((userId) => statuses.get(userId) ?? []);
    const newcomers = users.map(({ id }) => id).filter((id) => newcomerIds.has(id));
    if (came.size > 0) publish.userJoined({ roomId, users, onlineCount, ...(newcomers.length > 0 && { newcomerIds: newcomers }) });
    if (went.size > 0) publish.userLeft({ roomId, users: [...went.values()], onlineCount });
  }

  return {
    recordJoin(roomId, author, { isNewcomer } = { isNewcomer: false }) {
      const room = pendingOf(roomId);
      if (isNewcomer) room.newcomerIds.add(author.id);
      if (!room.went.delete(author.id)) room.came.set(author.id, author);
    },
    recordLeave(roomId, author) {
      const room = pendingOf(roomId);
      if (!room.came.delete(author.id)) room.went.set(author.id, author);
    },
    flush() {
      turn += 1;
      for (const [roomId, room] of rooms) {
        if (!shouldFlush(roomId, presence.onlineCount(roomId), turn)) continue;
        rooms.delete(roomId);
        publishChanges(roomId, room);
      }
    },
  };
}
